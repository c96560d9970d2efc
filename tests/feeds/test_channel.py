from __future__ import annotations

from datetime import timedelta

import pytest

from feeds.channel import common_channel, homepage, journal_channel, publisher
from sources.model import Masthead, Rhythm
from tests.factories import source
from tests.feeds.render import SETTINGS, TAGS


@pytest.mark.parametrize(
    ("every", "frequency", "ttl"),
    [
        (timedelta(seconds=90), ("hourly", 40), 2),
        (timedelta(minutes=30), ("hourly", 2), 30),
        (timedelta(hours=2), ("daily", 12), 120),
        (timedelta(days=1), ("daily", 1), 1440),
        (timedelta(days=3), ("monthly", 10), 4320),
        (timedelta(days=5), ("monthly", 6), 7200),
        (timedelta(hours=5), ("monthly", 144), 300),
        (timedelta(days=400), ("yearly", 1), 576000),
        (None, None, None),
    ],
)
def test_line_35_a_schedule_is_said_as_a_count_in_a_period(
    every: timedelta | None, frequency: tuple[str, int] | None, ttl: int | None
) -> None:
    followed = source(schedule=Rhythm(every=every))
    channel = journal_channel(followed, SETTINGS, TAGS)
    assert (channel.frequency, channel.ttl_minutes) == (frequency, ttl)


def test_a_journal_is_described_by_what_its_masthead_says() -> None:
    full = journal_channel(source(), SETTINGS, TAGS)
    assert (
        full.description
        == "河港 · 河港城市文化研究所主办 · 半月刊 · ISSN 1234-5679 · CN 41-1234/G0"
    )
    bare = journal_channel(source(masthead=Masthead()), SETTINGS, TAGS)
    assert bare.description == "河港"


def test_the_sponsor_is_the_publisher_and_the_publishing_house_is_when_none_is_named() -> None:
    assert publisher(source()) == "河港城市文化研究所"
    assert publisher(source(masthead=Masthead(publisher="《河港》编辑部"))) == "《河港》编辑部"
    assert publisher(source(masthead=Masthead())) is None


def test_a_home_address_is_written_in_ascii() -> None:
    assert homepage(source(homepage="https://a.example/河港/")).isascii()


def test_the_feed_of_everything_speaks_the_operators_language() -> None:
    chinese = common_channel(SETTINGS, TAGS)
    assert (chinese.title, chinese.language) == ("刊流：全部期刊", "zh-CN")
    assert chinese.home == "https://feeds.example/"
    assert chinese.id == "tag:feeds.example,2026-03-01:all"
