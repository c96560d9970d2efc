"""Write a source's file: values and where each came from → TOML that a person reads and goes on
with. The order is that of docs/follow-a-journal.md. Never overwrites."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import tomlkit

from foundation.errors import KanliuError, SourceError, SourceErrors
from foundation.ids import RESERVED_IDS, check_id
from foundation.text import one_line
from sources.read import find_files, read_files, read_sources

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from tomlkit.items import Item, Table

    from sources.model import Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Noted:
    """A value of the file, and in a few words where it comes from."""

    value: str | int
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A source that is to be written down. `heading` are lines over the file, `rights` what the
    pages say of re-publishing, as comments: the operator's own knowledge is for a person to add."""

    id: str
    title: Noted
    lists: tuple[Noted, ...]
    language: Noted
    zone: Noted
    homepage: Noted | None = None
    feed: Noted | None = None
    platform: Noted | None = None
    render: Noted | None = None
    masthead: Mapping[str, Noted] = field(default_factory=dict)
    masthead_note: str = ""
    links_min: Noted | None = None
    rights: tuple[str, ...] = ()
    heading: tuple[str, ...] = ()
    schema: str | None = None


class ExistsError(KanliuError):
    """The file, or what it would follow, is there already; the message names it."""


def print_draft(draft: Draft) -> str:
    """The text of the file."""
    document = tomlkit.document()
    if draft.schema:
        document.add(tomlkit.comment(draft.schema))
        # `#:schema` is read by editors only without a space.
    for line in draft.heading:
        document.add(tomlkit.comment(line))
    document.add(tomlkit.nl())
    _add(document, "title", draft.title)
    _add_lists(document, draft.lists)
    for key in ("language", "zone", "homepage", "feed", "platform", "render"):
        _add(document, key, getattr(draft, key))
    _add_table(document, "masthead", draft.masthead, note=draft.masthead_note)
    if draft.links_min is not None:
        _add_table(document, "expect", {"links_min": draft.links_min})
    if draft.rights:
        document.add(tomlkit.nl())
        for line in draft.rights:
            document.add(tomlkit.comment(line))
    every = Noted(value="auto", note="from the journal's own rhythm")
    _add_table(document, "schedule", {"every": every})
    text = tomlkit.dumps(document)
    return text.replace("# #:schema", "#:schema", 1)


def make_id(title: str, url: str, taken: Collection[str]) -> str:
    """An id from a title in Latin letters, else from the host and the folder of the address; with
    a number behind it where another source has it, or our own pages do."""
    words = _latin_words(title) or "-".join(_host_words(url))
    base = words[:_ID_LENGTH].strip("-") or "source"
    for number in range(1, len(taken) + len(RESERVED_IDS) + 3):
        name = base if number == 1 else f"{base}-{number}"
        if name not in taken and name not in RESERVED_IDS:
            return check_id(name)
    raise AssertionError("more numbers than ids")  # pragma: no cover


def schema_line(folder: Path) -> str | None:
    """The line by which an editor finds the schema, where it lies beside the journals' folder."""
    is_there = (folder.absolute().parent / "sources" / "schema.json").is_file()
    return "#:schema ../sources/schema.json" if is_there else None


def check_free(folder: Path, *, source_id: str | None, lists: Iterable[str]) -> frozenset[str]:
    """The ids of the folder, taken by a file or by the pages of one that is gone.

    Raises:
        ExistsError: this id is one of them, or one of these addresses is followed already.
    """
    if not folder.is_dir():
        return frozenset()
    claimed = {
        _bare(address): source
        for source in read_sources(folder).sources
        for address in (*source.lists, source.feed)
        if address
    }
    for address in lists:
        if (source := claimed.get(_bare(address))) is not None:
            raise ExistsError(f"{address} is followed already, by {source.id}: {source.file}")
    files = {place.stem: place for place in folder.glob("*.pages")}
    files |= {file.stem: file for file in find_files(folder)}
    if source_id in files:
        raise ExistsError(f"{files[source_id]} exists; nothing is overwritten. Another: --id ID")
    return frozenset(files)


def _bare(address: str) -> str:
    """An address without its scheme: sites move to https."""
    return address.partition("://")[2].rstrip("/")


def parse_draft(draft: Draft) -> Source:
    """The source that the file will be read as.

    Raises:
        SourceErrors: the file would have errors.
    """
    with tempfile.TemporaryDirectory(prefix="kanliu-") as folder:
        file = Path(folder) / f"{draft.id}.toml"
        file.write_text(print_draft(draft), "utf-8")
        return _only(file)


def put_source(folder: Path, draft: Draft, *, pages: Mapping[str, bytes]) -> Path:
    """Put `<id>.toml` into the folder and `<id>.pages/` beside it, both whole or not at all;
    `pages` are the files of that folder.

    Raises:
        ExistsError: one of them is there already.
        SourceErrors: the file would have errors.
        SourceError: the folder cannot be written to.
    """
    file = folder / f"{draft.id}.toml"
    saved = folder / f"{draft.id}.pages"
    for place in (file, saved):
        if place.exists():
            raise ExistsError(f"{place} exists; nothing is overwritten. Another id: --id ID")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Beside its place, so that it is moved there in one step; a name with a dot is set aside.
        with tempfile.TemporaryDirectory(prefix=".add-", dir=folder) as made:
            _write(Path(made), draft, pages)
            _move(Path(made), draft.id, file, saved)
    except OSError as error:
        raise SourceError(f"cannot be written: {error.strerror}", file=str(file)) from error
    return file


def _write(made: Path, draft: Draft, pages: Mapping[str, bytes]) -> None:
    file = made / f"{draft.id}.toml"
    file.write_text(print_draft(draft), "utf-8")
    _only(file)
    folder = made / f"{draft.id}.pages"
    folder.mkdir()
    for name, data in pages.items():
        (folder / name).write_bytes(data)


def _move(made: Path, source_id: str, file: Path, saved: Path) -> None:
    """The pages first: a file without them is followed, pages without a file are not."""
    (made / f"{source_id}.pages").rename(saved)
    try:
        _link(made / f"{source_id}.toml", file)
    except BaseException:
        shutil.rmtree(saved)
        raise


def _link(made: Path, file: Path) -> None:
    """Move without overwriting: `link` refuses where the name is taken, `rename` does not."""
    try:
        os.link(made, file)
    except FileExistsError as error:
        raise ExistsError(f"{file} exists") from error
    except OSError:  # a disk without hard links
        if file.exists():
            raise ExistsError(f"{file} exists") from None
        made.rename(file)


def _only(file: Path) -> Source:
    read = read_files([file])
    if read.errors:
        raise SourceErrors(read.errors)
    return read.sources[0]


def _add(holder: tomlkit.TOMLDocument | Table, key: str, noted: Noted | None) -> None:
    if noted is not None:
        holder.add(tomlkit.key([key]) if "." in key else _key(key), _item(noted))


def _add_lists(document: tomlkit.TOMLDocument, lists: tuple[Noted, ...]) -> None:
    array = tomlkit.array()
    if len(lists) == 1:
        array.append(lists[0].value)
        if lists[0].note:
            array.comment(_comment(lists[0].note))
            array.trivia.comment_ws = "  "
    else:
        for each in lists:
            array.add_line(each.value, comment=_comment(each.note) or None)
        array.add_line(indent="")
    document.add("lists", array)


def _add_table(
    document: tomlkit.TOMLDocument, name: str, values: Mapping[str, Noted], *, note: str = ""
) -> None:
    if values:
        table = tomlkit.table()
        if note:
            table.comment(_comment(note))
            table.trivia.comment_ws = "  "
        for key, noted in values.items():
            _add(table, key, noted)
        document.add(tomlkit.nl())
        document.add(name, table)


def _key(key: str) -> Any:
    """Labels stand in quotes, as docs and example have them."""
    if re.fullmatch(r"[a-z_]+", key):
        return tomlkit.items.SingleKey(key)
    return tomlkit.items.SingleKey(key, tomlkit.items.KeyType.Basic)


def _item(noted: Noted) -> Item:
    value = one_line(noted.value) if isinstance(noted.value, str) else noted.value
    item: Item = tomlkit.item(value)
    if noted.note:
        item.comment(_comment(noted.note))
        item.trivia.comment_ws = "  "
    return item


def _comment(note: str) -> str:
    """On one line, and short enough to be read beside its value."""
    line = one_line(note)
    return line if len(line) <= _COMMENT_LETTERS else f"{line[: _COMMENT_LETTERS - 1]}…"


_COMMENT_LETTERS = 100
# Folders and addresses hang on it: long enough to be told apart, short enough to be typed.
_ID_LENGTH = 48

_NOT_NAMES = frozenset(
    (
        "www",
        "index",
        "php",
        "html",
        "htm",
        "home",
        "cn",
        "en",
        "zh",
        "ch",
        "list",
        "current",
        "issue",
    )
)
_SECOND_LEVEL = frozenset(("com", "net", "org", "edu", "gov", "ac", "co", "or", "ne", "go"))


def _latin_words(title: str) -> str:
    """`Letters on Open Fieldwork` → letters-on-open-fieldwork; empty for other scripts."""
    if not title.isascii():
        return ""
    words = re.findall(r"[a-z0-9]+", title.lower())
    return "-".join(words) if any(len(word) > 2 and word.isalpha() for word in words) else ""


def _host_words(url: str) -> Iterator[str]:
    """`https://www.xuebao.example.edu.cn/pinpai/list_1.html` → xuebao, example, pinpai."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    labels = host.split(".")
    if re.fullmatch(r"[\d.]+", host) or ":" in host:
        labels = [f"host-{host}"]
    elif len(labels) > 1:
        labels = labels[:-2] if labels[-2] in _SECOND_LEVEL and len(labels) > 2 else labels[:-1]
    folders = parts.path.split("/")[1:-1]
    for word in (*labels, *folders[:1]):
        name = re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-")
        if name and name not in _NOT_NAMES and not name.isdigit():
            yield name
