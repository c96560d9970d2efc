"""The metadata record of a capture holds the whole sighting."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.model import Found, ListedLink, RawEntry
from archive.seen import Making, read_seen, write_seen
from tests.archive.factories import capture, notice, sighting, source

MAKING = Making(rules="3", crawler="Kanliu/9")


@pytest.mark.parametrize(
    "said",
    [
        sighting(),
        sighting(listed=None, asked="https://ship.example/a", etag='"x"', text=None),
        sighting(listed=ListedLink(url="https://ship.example/1", title="船", published="昨天")),
        replace(
            sighting(notice=notice(), authors=("林", "周"), title="\ud83d 船"),
            raw=RawEntry(url=None, text="别的", html=None, issn=Found(text="1", where="meta")),
            last_modified="Mon, 23 Nov 2026 08:00:00 GMT",
        ),
    ],
)
def test_a_sighting_reads_back_whole_from_its_record(said: object) -> None:
    making = replace(MAKING, rendered="Chromium/1")
    document = write_seen(said, source(), making)
    assert write_seen(read_seen(document, said.capture).sighting, source(), making) == document
    seen = read_seen(document, said.capture)
    assert seen.sighting == said
    assert (seen.making, seen.is_kept) == (making, True)


def test_a_page_looked_at_for_its_layout_alone_is_not_kept_again() -> None:
    seen = read_seen(write_seen(sighting(), source(), MAKING, is_kept=False), capture())
    assert not seen.is_kept
    assert seen.making == MAKING


def test_a_record_of_an_older_release_tells_of_no_sighting() -> None:
    with pytest.raises(ValueError, match="tells of no sighting"):
        read_seen(b'{"entry": null, "rules": "1", "source": "ship"}', capture())
