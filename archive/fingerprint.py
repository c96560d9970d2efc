"""By what an article can be found again in another source. Pure: an entry in, numbers out.

Exact keys (DOI, CNKI file name, place in an issue, address; title, author and day) and the bands
of a MinHash over the text. Equal numbers make two entries candidates, no more: likeness.py then
looks at the entries themselves, so a collision costs time and not truth.

The numbers are stored. `rensa` hashes, so another release of it that hashes otherwise would find
no older text: its version is pinned, and a test holds the numbers.
"""

from __future__ import annotations

import re
from array import array
from hashlib import blake2b
from struct import Struct
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from rensa import RMinHash

from archive.identity import address_key, doi_key, printed_day
from foundation.text import fold, letters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.model import Entry

#: Characters of a text that are compared: a long report. A whole book costs no more than that.
TEXT_MOST = 60_000
#: Grams that a text must have: two short ones are alike by chance, or by their courtesies. About
#: five sentences of Chinese; a text of fewer is found by its exact keys alone.
GRAMS_LEAST = 120
#: A gram of five: two words of Chinese or three. Where letters spell sounds, five are one word at
#: most, and two articles on anything share a tenth of them; nine are two words.
_DENSE, _SPELT = 5, 9
#: UTF-8 bytes a character from which most of a text is Chinese, Japanese or Korean.
_DENSE_BYTES = 2.2

#: Bands × rows. Two texts with Jaccard s share a band with the chance 1-(1-s^3)^28: 98 % at 0.5,
#: 84 at 0.4, 0.02 at 0.02, which unrelated texts have. READING.md §8's "threshold of about 0.4"
#: leaves 16 to 32 to choose: each band is a page that keeping writes (0.008 ms), and what is found
#: in vain costs one comparison.
_BANDS, _ROWS = 28, 3
_SEED = 1

_BAND = Struct(f">B{_ROWS}I")
_FIRST_PAGE = re.compile(r"[A-Za-z]?\d+")
_CNKI_PATH = re.compile(r"/detail/([\w.]{8,40}?)(?:\.s?html?)?$", re.ASCII)
_CNKI_NAME = re.compile(r"[\w.]{8,40}", re.ASCII)


def fingerprints_of(entry: Entry) -> frozenset[int]:
    """Of an entry: below zero its exact keys, above zero the bands of its text."""
    exact = {_number(f"{kind}:{key}".encode()) for kind, key in exact_keys(entry).items()}
    return frozenset(-number for number in exact) | _bands(compared(entry.text))


def number_of(entry_id: str) -> int:
    """What stands for an entry beside its fingerprints: a sixth of its id's bytes, thirty times.
    If two entries ever had one, both would be looked at."""
    return _number(entry_id.encode())


def exact_keys(entry: Entry) -> dict[str, str]:
    """What names an article wherever it stands, by the kind of name."""
    keys = {
        "doi": doi_key(entry),
        "cnki": _cnki_name(entry),
        "issue-page": _issue_page(entry),
        "address": address_key(entry.canonical_url),
        "title-author-day": _title_author_day(entry),
    }
    return {kind: key.encode("utf-8", "replace").decode() for kind, key in keys.items() if key}


def compared(text: str | None) -> str:
    """What of a text is compared; nothing of one that is too short to tell."""
    key = letters((text or "")[:TEXT_MOST])
    return key if len(key) - _gram_length(key) + 1 >= GRAMS_LEAST else ""


def grams_of(text: str | None) -> frozenset[str]:
    """Every run of some letters of a text: what two texts share of these is how like they are."""
    key = compared(text)
    length = _gram_length(key)
    return frozenset(key[at : at + length] for at in range(len(key) - length + 1))


def _gram_length(key: str) -> int:
    return _DENSE if len(key.encode()) >= _DENSE_BYTES * len(key) else _SPELT


def _bands(key: str) -> frozenset[int]:
    if not key:
        return frozenset()
    tokens = _tokens(key)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(
        tokens, [0, len(tokens)], num_perm=_BANDS * _ROWS, seed=_SEED
    )
    (digest,) = matrix.to_rows()
    return frozenset(
        _number(_BAND.pack(band, *digest[band * _ROWS : (band + 1) * _ROWS]))
        for band in range(_BANDS)
    )


def _tokens(key: str) -> array[int]:
    """Every run of eight bytes, as a number: four letters in UTF-16, or of a text that spells
    eight by the byte that tells them apart. Runs of the exact length would have to be cut out one
    by one, which alone costs ten times as much as all that is done here; to find candidates these
    do as well."""
    data = key.encode("utf-16-le")
    step = 2
    if _gram_length(key) == _SPELT:
        data, step = data[::2], 1
    tokens = array("Q")
    for start in range(0, tokens.itemsize, step):
        end = start + (len(data) - start) // tokens.itemsize * tokens.itemsize
        tokens.frombytes(data[start:end])
    return tokens


def _number(key: bytes) -> int:
    """63 bits, not zero: what both databases hold as a positive integer."""
    return int.from_bytes(blake2b(key, digest_size=8).digest()) >> 1 or 1


def _cnki_name(entry: Entry) -> str | None:
    """The file name by which CNKI knows an article, from any address that the page gives."""
    addresses = [entry.url, entry.canonical_url, *_origin_urls(entry)]
    addresses += [file.url for file in entry.enclosures]
    return next((name for name in map(_cnki_file, addresses) if name), None)


def _cnki_file(url: str) -> str | None:
    if "cnki" not in url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    if not host.endswith((".cnki.net", ".cnki.com.cn")):
        return None
    for name, values in parse_qs(parts.query).items():
        if name.lower() == "filename" and _CNKI_NAME.fullmatch(values[0]):
            return values[0].upper()
    found = _CNKI_PATH.search(parts.path)
    return found.group(1).upper() if found and any(map(str.isdigit, found.group(1))) else None


def _origin_urls(entry: Entry) -> Iterator[str]:
    for notice in (entry.notice, *entry.notices):
        if notice and notice.origin and notice.origin.url:
            yield notice.origin.url


def _issue_page(entry: Entry) -> str | None:
    """ISSN, year, issue and first page."""
    page = _FIRST_PAGE.match(entry.pages or "")
    date = entry.published
    value = date.value if date else None
    if not (entry.issn and entry.number and page and value) or value.startswith("--"):
        return None
    return f"{entry.issn.replace('-', '').upper()} {value[:4]} {entry.number} {page.group()}"


def _title_author_day(entry: Entry) -> str | None:
    """For texts that are too short, or of which one source shows the beginning alone."""
    day, title = printed_day(entry), fold(entry.title or "")
    authors = sorted(filter(None, map(fold, entry.authors)))
    return f"{day} {title} {' '.join(authors)}" if day and title and authors else None
