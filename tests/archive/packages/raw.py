"""WARC files as captures leave them, for packages to be made of. All pages are our own."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from archive import warc
from archive.coding import encode_entry
from archive.exchange import Capture
from tests.archive.factories import entry, exchange, notice, sighting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.exchange import Exchange
    from archive.model import Entry
    from archive.store import Store

OCTOBER = datetime(2026, 10, 12, 8, 0, tzinfo=UTC)
FREE, CLOSED = notice("欢迎转载，请注明出处"), notice("未经许可不得转载", "forbidden")


class RawFile:
    """One WARC file, and the store that the articles in it are kept in."""

    def __init__(self, data: Path, store: Store, name: str, at: datetime) -> None:
        self.path = data / "warc" / f"{at:%Y/%m}" / f"{name}.warc.gz"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(b"")
        self.store = store
        self.at = at
        info = warc.warcinfo(self.path.name, at, {"software": "Kanliu/test", "robots": "obey"})
        self.info = info.id
        self._append(info, {})

    def article(
        self,
        url: str = "https://ship.example/1.html",
        *,
        source: str = "ship",
        charset: str = "gbk",
        is_kept: bool = True,
        body: bytes | None = None,
        images: tuple[str, ...] = (),
        same_as: Capture | None = None,
        **fields: Any,
    ) -> Capture:
        """An article page with what was read of it, and its images; kept in the store."""
        own = {"title": f"船讯：{url}", "text": f"{url} 上说，船已经出江口。" * 5}
        made = entry(**{"url": url, "notice": FREE, **own, **fields})
        page = f"<h1>{made.title}</h1><p>{made.text}</p>".encode(charset)
        exchanged = self._exchange(url, body or page, f"text/html; charset={charset}")
        heads = {"Kanliu-Source": source, "Kanliu-Role": "article"}
        capture = self._write(exchanged, heads, made=made, same_as=same_as)
        for image in images:
            self.requisite(image, page=capture, source=source)
        if is_kept:
            seen = sighting(exchanged.started, source_id=source, **{"url": url, **_plain(made)})
            self.store.keep(replace(seen, capture=capture, entry=made))
        return capture

    def requisite(
        self,
        url: str,
        *,
        page: Capture,
        source: str = "ship",
        same_as: Capture | None = None,
        body: bytes = b"\x89PNG our own" * 50,
        content_type: str = "image/png",
    ) -> Capture:
        """An image, or a style sheet, of a page."""
        heads = {
            "Kanliu-Source": source,
            "Kanliu-Role": "requisite",
            "Kanliu-For": f"<{page.id}>",
        }
        return self._write(self._exchange(url, body, content_type), heads, same_as=same_as)

    def list_page(self, url: str = "https://ship.example/list", source: str = "ship") -> Capture:
        """A list page: it belongs to no article."""
        heads = {"Kanliu-Source": source, "Kanliu-Role": "list"}
        return self._write(self._exchange(url, b"<ul><li>1</ul>", "text/html"), heads)

    def event(self, number: int) -> None:
        """An event of the archive's own log."""
        block = json.dumps({"number": number, "kind": "entry-new"}).encode()
        record = warc.Record(
            headers={
                **warc._headers("metadata", self.at, "application/json", block),
                "WARC-Payload-Digest": warc.payload_digest(block),
                "WARC-Target-URI": f"urn:kanliu:event:{number}",
                "WARC-Warcinfo-ID": f"<{self.info}>",
                "Kanliu-Source": "ship",
            },
            block=block,
        )
        self._append(record, {})

    def _exchange(self, url: str, body: bytes, content_type: str) -> Exchange:
        self.at += timedelta(seconds=1)
        return exchange(
            url=url,
            body=body,
            started=self.at,
            response_headers=((b"Content-Type", content_type.encode()),),
        )

    def _write(
        self,
        exchanged: Exchange,
        heads: dict[str, str],
        *,
        made: Entry | None = None,
        same_as: Capture | None = None,
    ) -> Capture:
        document = None
        if made is not None:
            said = {"source": heads["Kanliu-Source"], "entry": encode_entry(made)}
            document = json.dumps(said, ensure_ascii=False).encode()
        response, *others = warc.records_of(exchanged, metadata=document, info_id=self.info)
        offset = self.path.stat().st_size
        self._append(_revisit(response, same_as) if same_as else response, heads)
        for record in others:
            self._append(record, heads)
        return Capture(
            id=response.id,
            url=exchanged.url,
            status=exchanged.status,
            seen=exchanged.started,
            file=f"warc/{self.path.relative_to(self.path.parents[2]).as_posix()}",
            offset=offset,
            digest=response.headers["WARC-Payload-Digest"],
        )

    def _append(self, record: warc.Record, heads: dict[str, str]) -> None:
        made = warc.Record(headers={**record.headers, **heads}, block=record.block)
        with self.path.open("ab") as file:
            file.write(warc.pack(made, 6))


def _revisit(response: warc.Record, same: Capture) -> warc.Record:
    block = response.block.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    headers = {
        **response.headers,
        "WARC-Type": "revisit",
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "WARC-Refers-To": f"<{same.id}>",
        "WARC-Refers-To-Target-URI": same.url,
        "WARC-Refers-To-Date": same.seen.isoformat(timespec="microseconds")[:-6] + "Z",
        "WARC-Block-Digest": warc.payload_digest(block),
    }
    return warc.Record(headers=headers, block=block)


def _plain(made: Entry) -> dict[str, Any]:
    return {"title": made.title, "text": made.text, "notice": made.notice}


@contextmanager
def raw_file(
    data: Path, store: Store, name: str = "kanliu-1", at: datetime = OCTOBER
) -> Iterator[RawFile]:
    """A WARC file that is finished when the block ends."""
    yield RawFile(data, store, name, at)
