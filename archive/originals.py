"""Equal bytes of one source are captured once a month: what comes again is written as a revisit of
the first, which is found across restarts too. Whoever writes captures of a source writes them
here. One thread."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from archive.bodies import Served
from archive.warc import payload_digest
from foundation.errors import CaptureError

if TYPE_CHECKING:
    from datetime import datetime

    from archive.bodies import Bodies
    from archive.captures import CaptureWriter
    from archive.exchange import Belonging, Capture, Exchange, Rendering

#: A revisit's own head is about as large as a body of this size, compressed.
LEAST_BYTES = 1000


class Originals:
    """What was captured since the last `remember` is known here, the rest in the store."""

    def __init__(self, bodies: Bodies, captures: CaptureWriter) -> None:
        self._bodies = bodies
        self._captures = captures
        self._fresh: dict[tuple[str, str], dict[str, Served]] = {}

    def write(
        self,
        exchange: Exchange,
        belonging: Belonging,
        *,
        metadata: bytes | None = None,
        rendering: Rendering | None = None,
        id_: str | None = None,
    ) -> Capture:
        """As CaptureWriter.write; a body that was captured this month is not written again.

        Raises:
            CaptureError: it is not written.
        """
        key = (belonging.source_id, month_of(exchange.started))
        same = self._find_same(key, exchange.body)
        try:
            capture = self._captures.write(
                exchange,
                metadata=metadata,
                rendering=rendering,
                belonging=belonging,
                id_=id_,
                same_as=same,
            )
        except CaptureError:
            self._fresh.clear()  # what is not on the disk yet may never be
            raise
        self._fresh.setdefault(key, {})[capture.url] = Served(own=capture, body=same or capture)
        return capture

    def note(self, source_id: str, url: str, capture: Capture) -> None:
        """Know a capture by the address that was asked for, too."""
        fresh = self._fresh.setdefault((source_id, month_of(capture.seen)), {})
        fresh.setdefault(url, fresh.get(capture.url, Served(own=capture, body=capture)))

    def is_captured(self, source_id: str, url: str, now: datetime) -> bool:
        """Whether what is served there was captured this month."""
        key = (source_id, month_of(now))
        return url in self._fresh.get(key, ()) or (self._bodies.of_address(*key, url) is not None)

    def remember(self) -> None:
        """Wait for the disk, then write down what was captured.

        Raises:
            CaptureError, StoreError: it may be captured once more.
        """
        fresh, self._fresh = self._fresh, {}
        if fresh:
            self._captures.sync()
        for (source_id, month), served in fresh.items():
            self._bodies.keep(source_id, month, served)

    def _find_same(self, key: tuple[str, str], body: bytes) -> Capture | None:
        if len(body) < LEAST_BYTES:
            return None
        digest = payload_digest(body)
        fresh = self._fresh.get(key, {}).values()
        known = next((each.body for each in fresh if each.body.digest == digest), None)
        return known or self._bodies.of_digest(*key, digest)


def month_of(instant: datetime) -> str:
    """`2026-11`, as packages are named."""
    return f"{instant.astimezone(UTC):%Y-%m}"
