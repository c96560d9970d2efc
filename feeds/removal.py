"""A take-down in the published tree: the feeds are rendered without the entry, and where that is
not done any more (a journal that ended or lost its file, a group that is gone, a feed that cannot
be rendered) it is cut out of the files as they are."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from feeds.channel import ALL, ARCHIVE, ATOM, JSON, RSS
from feeds.content import percent_encode
from feeds.publish import publish_changed, publish_common
from feeds.renditions import find_parts
from feeds.selected import GROUPS, SEARCHES
from feeds.takedown import without_entries
from feeds.write import write_if_changed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import TypeAlias

    from archive.model import ArchivedEntry
    from archive.store import Store
    from feeds.publish import Published
    from foundation.settings import Settings
    from sources.model import Source

    _Cut: TypeAlias = Callable[[bytes, ArchivedEntry], bytes]

# As json_feed.py sets a document: an item a line.
_ITEMS, _BETWEEN, _END = b'"items":[\n', b",\n", b"\n]}\n"


def publish_without(
    store: Store,
    sources: Sequence[Source],
    living: Sequence[Source],
    settings: Settings,
    withdrawn: ArchivedEntry,
) -> Published:
    """Render what a take-down changed, of the `living` sources and of what shows many, and cut it
    out of all else."""
    done = publish_changed(store, living, settings)
    done += publish_common(store, sources, settings)
    neighbours = {other.source_id for other in store.elsewhere(withdrawn.id)}
    cut = tuple(cut_remains(settings.public, withdrawn, neighbours))
    return replace(done, written=done.written + cut)


def cut_remains(
    public: Path, withdrawn: ArchivedEntry, neighbours: Collection[str]
) -> Iterator[Path]:
    """Take the entry out of every file that still holds it; the files that this changed."""
    own = public / withdrawn.source_id
    for closed in sorted((own / ARCHIVE).glob("*.atom")):
        if write_if_changed(closed, without_entries(closed.read_bytes(), [withdrawn])):
            yield closed
    several = [each for name in (GROUPS, SEARCHES) for each in sorted((public / name).glob("*"))]
    shared = [public / ALL, *several]
    for folder in (own, *shared):
        if _is_behind(folder / ATOM, withdrawn.id):
            yield from _cut(folder, withdrawn, _CUTS)
    for folder in (*(public / each for each in sorted(neighbours)), *shared):
        yield from _cut(folder, withdrawn, {JSON: _unmentioned})


def _cut(folder: Path, withdrawn: ArchivedEntry, cuts: Mapping[str, _Cut]) -> Iterator[Path]:
    for name, cut in cuts.items():
        file = folder / name
        if file.exists() and write_if_changed(file, cut(file.read_bytes(), withdrawn)):
            yield file


def _is_behind(atom: Path, entry_id: str) -> bool:
    """Whether a feed still has the entry as it was: one that says that it is withdrawn has a
    tombstone beside it."""
    try:
        document = atom.read_bytes()
    except FileNotFoundError:
        return False
    key = entry_id.encode()
    return b"<id>%s</id>" % key in document and b'ref="%s"' % key not in document


def _in_atom(document: bytes, withdrawn: ArchivedEntry) -> bytes:
    return without_entries(document, [withdrawn])


def _in_rss(document: bytes, withdrawn: ArchivedEntry) -> bytes:
    parts = find_parts(RSS, document)
    if parts is None:
        return document
    key = b">%s</guid>" % withdrawn.id.encode()
    left = (item for item in parts.entries if key not in item)
    return b"\n".join((parts.head, *left)) + parts.tail


def _in_json(document: bytes, withdrawn: ArchivedEntry) -> bytes:
    head, items = _items(document)
    return _set(head, (item for item in items if json.loads(item)["id"] != withdrawn.id))


def _unmentioned(document: bytes, withdrawn: ArchivedEntry) -> bytes:
    """A feed whose entries do not say any more that the article is there too."""
    url = percent_encode(withdrawn.entry.url)
    head, items = _items(document)
    return _set(head, (_without_mention(item, url) for item in items))


def _without_mention(item: bytes, url: str) -> bytes:
    values = json.loads(item)
    told = values.get("_kanliu", {}).get("also_in", ())
    left = [other for other in told if other.get("url") != url]
    if len(left) == len(told):
        return item
    del values["_kanliu"]["also_in"]
    if left:
        values["_kanliu"]["also_in"] = left
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


_CUTS: Mapping[str, _Cut] = {ATOM: _in_atom, RSS: _in_rss, JSON: _in_json}


def _items(document: bytes) -> tuple[bytes, list[bytes]]:
    head, _, rest = document.partition(_ITEMS)
    body = rest.removesuffix(_END)
    return head, body.split(_BETWEEN) if body else []


def _set(head: bytes, items: Iterable[bytes]) -> bytes:
    return head + _ITEMS + _BETWEEN.join(items) + _END
