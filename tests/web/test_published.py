from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from web.published import Place, find_place

PUBLIC = Path("/srv/public")


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/river-port/rss.xml", "application/rss+xml; charset=utf-8"),
        ("/river-port/atom.xml", "application/atom+xml; charset=utf-8"),
        ("/river-port/feed.json", "application/feed+json; charset=utf-8"),
        ("/all/atom.xml", "application/atom+xml; charset=utf-8"),
    ],
)
def test_line_33_a_feed_has_its_own_type(path: str, content_type: str) -> None:
    place = find_place(PUBLIC, path)
    folder = path.split("/")[1]
    assert place == Place(folder=folder, file=Path(f"/srv/public{path}"), content_type=content_type)


def test_line_33_so_have_the_list_of_feeds_and_a_closed_document() -> None:
    opml = find_place(PUBLIC, "/opml.xml")
    assert opml is not None
    assert (opml.file, opml.content_type) == (PUBLIC / "opml.xml", "text/x-opml; charset=utf-8")
    for name in ("2026-03.atom", "2026-03.12.atom"):
        closed = find_place(PUBLIC, f"/river-port/archive/{name}")
        assert closed is not None
        assert closed.file == PUBLIC / "river-port" / "archive" / name
        assert closed.content_type == "application/atom+xml; charset=utf-8"
        assert closed.fresh == timedelta(days=1)


@pytest.mark.parametrize(
    "path",
    [
        "/../rss.xml",
        "/../secret/rss.xml",
        "//rss.xml",
        "/River/rss.xml",
        "/river-port/../kanliu.sqlite",
        "/river-port/kanliu.sqlite",
        "/river-port\n/rss.xml",
        "/river-port/rss.xml\n",
        "/river-port/rss.xml/",
        "/river-port/rss.xml.gz",
        "/river-port/.rss.xml.renditions",
        "/river-port/archive/../rss.xml",
        "/river-port/archive/2026-03.atom.gz",
        "/river-port/archive/２０２６-03.atom",
        "/river-port/archive/",
        "/opml.xml/",
        "/",
        "",
    ],
)
def test_only_the_names_of_the_published_tree_are_files(path: str) -> None:
    assert find_place(PUBLIC, path) is None
