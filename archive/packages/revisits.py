"""Revisits: a record without a body that names another one with the same. Inside a package each
names one that is there too, so that every package replays alone (promise 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive import warc
from archive.packages.members import digest_of

if TYPE_CHECKING:
    from archive.packages.members import Member

#: How hard what we write anew is compressed: as captures are by default.
LEVEL = 6
#: What a response that was a revisit says of itself.
WAS_REVISIT = "Kanliu-Was-Revisit-Of"

_REFERS = ("WARC-Refers-To", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date")
#: Of the revisit only; the sizes and digests are made anew.
_DROPPED = {
    *_REFERS, "WARC-Profile", "WARC-Truncated", "Kanliu-Body-At", "Content-Length",
}  # fmt: skip


def with_body(revisit: Member, body: bytes) -> bytes:
    """A revisit as the full response that it stands for, packed: its own head, the other's body.
    It keeps its record id, by which requests, metadata and the store know it.

    Raises:
        ValueError: that is not its body.
    """
    if digest_of(body) != revisit.headers.get("WARC-Payload-Digest"):
        raise ValueError("the body that it names is not the one that it had")
    head, mark, _ = revisit.block.partition(b"\r\n\r\n")
    block = head + (mark or b"\r\n\r\n") + body
    headers = {name: text for name, text in revisit.headers.items() if name not in _DROPPED}
    headers["WARC-Type"] = "response"
    headers["WARC-Block-Digest"] = digest_of(block)
    headers[WAS_REVISIT] = revisit.headers["WARC-Refers-To"]
    return warc.pack(warc.Record(headers=headers, block=block), LEVEL)


def pointing_to(revisit: Member, response: Member) -> bytes:
    """A revisit that names another response with the same body, packed."""
    headers = {
        name: text
        for name, text in revisit.headers.items()
        if name not in ("Content-Length", "Kanliu-Body-At")
    }
    headers |= zip(
        _REFERS,
        (
            response.headers["WARC-Record-ID"],
            response.headers["WARC-Target-URI"],
            response.headers["WARC-Date"],
        ),
        strict=True,
    )
    return warc.pack(warc.Record(headers=headers, block=revisit.block), LEVEL)
