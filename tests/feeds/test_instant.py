from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

import pytest

from archive.model import Precision, PrintedDate
from feeds.instant import order_instant, published_instant
from tests.factories import SEEN, archived, day
from tests.feeds.render import atom, json_feed, one, rss, texts

SHANGHAI = "Asia/Shanghai"


def printed(value: str | None, precision: Precision, raw: str = "如页面所印") -> PrintedDate:
    return PrintedDate(raw=raw, value=value, precision=precision)


def test_line_8_a_day_begins_at_midnight_of_the_sources_zone() -> None:
    instant = published_instant(archived(published=day("2026-03-02")), zone=SHANGHAI)
    assert instant is not None
    assert instant.isoformat() == "2026-03-02T00:00:00+08:00"


def test_line_8_a_printed_offset_is_kept() -> None:
    date = printed("2026-03-02T08:05-05:00", Precision.MINUTE)
    instant = published_instant(archived(published=date), zone=SHANGHAI)
    assert instant is not None
    assert instant.isoformat() == "2026-03-02T08:05:00-05:00"


@pytest.mark.parametrize(
    ("value", "precision"),
    [
        ("2026-03", Precision.MONTH),
        ("2026-Q1", Precision.QUARTER),
        ("2026", Precision.YEAR),
        (None, Precision.ISSUE),
        (None, Precision.NONE),
        ("--03-02", Precision.DAY),
    ],
)
def test_line_9_a_date_rougher_than_a_day_is_no_instant(
    value: str | None, precision: Precision
) -> None:
    entry = archived(published=printed(value, precision))
    assert published_instant(entry, zone=SHANGHAI) is None
    assert order_instant(entry, zone=SHANGHAI) == SEEN
    assert not texts(rss(entry), "item/pubDate")
    assert not texts(atom(entry), "a:entry/a:published")
    assert texts(atom(entry), "a:entry/a:updated") == [SEEN.isoformat()]
    (item,) = json_feed(entry)["items"]
    assert item["_kanliu"]["precision"] == precision.value
    assert "date_published" not in item


def test_line_9_an_entry_without_any_date_says_that_it_has_none() -> None:
    silent = archived(published=None)
    assert not texts(rss(silent), "item/pubDate") + texts(rss(silent), "item/dc:date")
    assert not texts(atom(silent), "a:entry/a:published")
    assert texts(atom(silent), "a:entry/a:updated") == [SEEN.isoformat()]
    (item,) = json_feed(silent)["items"]
    assert (item["_kanliu"]["precision"], item["_kanliu"]["first_seen"]) == (
        "none",
        SEEN.isoformat(),
    )


def test_line_8_a_cover_date_ahead_of_us_is_published_when_first_seen_and_kept_as_printed() -> None:
    entry = archived(published=day("2026-04-15"))
    (pub_date,) = texts(rss(entry), "item/pubDate")
    assert parsedate_to_datetime(pub_date or "") == SEEN
    assert (pub_date or "").endswith("+0800")
    assert texts(rss(entry), "item/prism:publicationDate") == ["2026-04-15"]


def test_nothing_of_a_date_is_lost_when_it_is_rougher_than_a_day() -> None:
    month = archived(published=printed("2026-03", Precision.MONTH, "2026年3月"))
    for item in (one(rss(month), "item"), one(atom(month), "{*}entry")):
        assert texts(item, "dc:date") == ["2026-03"]
        assert texts(item, "prism:publicationDate") == ["2026-03"]
        assert texts(item, "prism:coverDisplayDate") == ["2026年3月"]
    quarter = archived(published=printed("2026-Q1", Precision.QUARTER, "2026年春季号"))
    assert texts(rss(quarter), "item/prism:coverDisplayDate") == ["2026年春季号"]
    # A quarter is no date as W3C writes it: readers would make a day of it.
    assert not texts(rss(quarter), "item/dc:date")


def test_a_mean_time_with_seconds_in_its_offset_becomes_utc() -> None:
    instant = published_instant(archived(published=day("1900-05-01")), zone=SHANGHAI)
    assert instant is not None
    assert instant.utcoffset() == timedelta(0)


def test_only_updated_has_fractions_of_a_second_and_it_is_in_utc() -> None:
    """newsboat 2.21 overlooks an offset that follows a fraction."""
    seen = datetime(2026, 3, 4, 9, 30, 5, 250000, tzinfo=timezone(timedelta(hours=8)))
    entry = archived(published=day("2026-04-15"), first_seen=seen)
    assert texts(atom(entry), "a:entry/a:published") == ["2026-03-04T09:30:05+08:00"]
    assert texts(atom(entry), "a:entry/a:updated") == ["2026-03-04T01:30:05.250000+00:00"]
