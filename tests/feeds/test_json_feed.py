from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from archive.likeness import Elsewhere, LikenessReason, Relation
from archive.model import Enclosure, NoticeClass, Precision, PrintedDate
from feeds.json_feed import _MOST_BYTES
from tests.factories import SEEN, archived, notice, source
from tests.feeds.render import common, documents, json_feed

# JSON Feed 1.1 as far as our documents go, written from its specification.
ABSOLUTE = {"type": "string", "pattern": "^https?://[!-~]+$"}
TEXT = {"type": "string", "minLength": 1}
INSTANT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d$"}
AUTHORS = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "object", "properties": {"name": TEXT}, "required": ["name"]},
}
EXTENSION = {"type": "object", "propertyNames": {"pattern": "^[^.]+$"}}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "title", "home_page_url", "feed_url", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": TEXT,
        "home_page_url": ABSOLUTE,
        "feed_url": ABSOLUTE,
        "description": TEXT,
        "language": TEXT,
        "authors": AUTHORS,
        "_kanliu": EXTENSION,
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["id", "url", "title", "summary", "date_modified"],
                "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
                "properties": {
                    "id": TEXT,
                    "url": ABSOLUTE,
                    "external_url": ABSOLUTE,
                    "title": TEXT,
                    "summary": TEXT,
                    "content_html": TEXT,
                    "content_text": TEXT,
                    "image": ABSOLUTE,
                    "date_published": INSTANT,
                    "date_modified": INSTANT,
                    "authors": AUTHORS,
                    "tags": {"type": "array", "items": TEXT},
                    "language": TEXT,
                    "attachments": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["url", "mime_type"],
                            "properties": {
                                "url": ABSOLUTE,
                                "mime_type": TEXT,
                                "title": TEXT,
                                "size_in_bytes": {"type": "integer", "minimum": 0},
                            },
                        },
                    },
                    "_kanliu": EXTENSION,
                },
            },
        },
    },
}


def test_line_30_json_feeds_are_valid_with_everything_and_with_next_to_nothing() -> None:
    full = archived(
        1,
        image="https://river-port.example/图.jpg",
        enclosures=(Enclosure(url="https://a.example/1.pdf", type="application/pdf"),),
        column="城市",
        keywords=("渡口", "夜航"),
        language="en",
    )
    poor = archived(
        2,
        published=None,
        authors=(),
        notice=None,
        summary=None,
        text=None,
        html=None,
        title=None,
        number=None,
    )
    jsonschema.validate(json_feed(full, poor), SCHEMA)
    jsonschema.validate(json_feed(), SCHEMA)
    jsonschema.validate(json.loads(common(full, poor, of=(source(),))["feed.json"]), SCHEMA)


def test_column_and_keywords_are_tags_and_no_entry_has_an_empty_list() -> None:
    (tagged,) = json_feed(archived(column="城市", keywords=("渡口",)))["items"]
    (plain,) = json_feed(archived())["items"]
    assert tagged["tags"] == ["城市", "渡口"]
    assert "tags" not in plain


def test_what_the_archive_knows_stands_under_kanliu() -> None:
    month = PrintedDate(raw="2026年3月", value="2026-03", precision=Precision.MONTH)
    (item,) = json_feed(archived(published=month, doi="10.1234/r.17"))["items"]
    assert "date_published" not in item
    assert item["_kanliu"] == {
        "published": "2026-03",
        "published_raw": "2026年3月",
        "precision": "month",
        "first_seen": SEEN.isoformat(),
        "revision": 1,
        "state": "live",
        "notice": {
            "class": "free-attribution",
            "text": "本刊文章欢迎转载，转载时请写明出自《河港》。",
            "obligations": ["source"],
        },
        "issue": {"number": "5"},
        "doi": "10.1234/r.17",
        "timemap": "https://feeds.example/river-port/1/timemap",
        "timegate": "https://feeds.example/river-port/1/timegate",
    }


def test_a_text_that_may_not_be_carried_leaves_its_summary() -> None:
    (item,) = json_feed(archived(notice=notice(NoticeClass.PERMISSION)))["items"]
    assert "content_html" not in item
    assert item["content_text"] == item["summary"] == "一座老渡口怎样成了城市的客厅。"


def test_the_feed_of_everything_says_which_journal_an_item_is_from() -> None:
    made = json.loads(common(archived(), of=(source(),))["feed.json"])
    assert made["items"][0]["_kanliu"]["source"] == {"id": "river-port", "title": "河港"}


@pytest.mark.parametrize("length", [400, 2_500, 6_000])
def test_full_texts_stop_where_a_quarter_megabyte_is_reached(length: int) -> None:
    entries = [archived(number, html=f"<p>{'渡' * length}</p>") for number in range(40)]
    document = documents(*entries)["feed.json"]
    full = ["content_html" in item for item in json.loads(document)["items"]]
    assert len(document) <= _MOST_BYTES
    # The newest ones are whole, and nobody is left out.
    assert len(full) == 40
    assert full == sorted(full, reverse=True)
    assert full[0]
    assert all(full) == (length == 400)


def also(source_id: str = "tea", **fields: Any) -> Elsewhere:
    plain: dict[str, Any] = {
        "entry_id": f"tag:{source_id}",
        "source_id": source_id,
        "source_title": "茶",
        "title": "渡口的灯火",
        "url": "https://tea.example/渡口",
        "relation": Relation.REPRINTED_AS,
        "reason": LikenessReason.PUBLISHED,
        "similarity": 0.9,
        "seen": SEEN,
    }
    return Elsewhere(**plain | fields)


def test_an_entry_says_which_other_journals_have_it() -> None:
    one = archived(also_in=(also(), also("ant", source_title=None, title=None)))
    for feed in (json_feed(one), json.loads(common(one, of=(source(),))["feed.json"])):
        tea, ant = feed["items"][0]["_kanliu"]["also_in"]
        assert tea == {
            "source": {"id": "tea", "title": "茶"},
            "title": "渡口的灯火",
            "url": "https://tea.example/%E6%B8%A1%E5%8F%A3",
            "relation": "reprinted-as",
            "reason": "published",
        }
        assert (ant["source"], "title" in ant) == ({"id": "ant"}, False)
    assert "also_in" not in json_feed(archived())["items"][0]["_kanliu"]


def test_a_feed_that_was_rendered_follows_when_the_article_is_found_elsewhere() -> None:
    alone, found = archived(), archived(also_in=(also(),))
    before = documents(alone)
    assert documents(found)["feed.json"] != before["feed.json"]
    assert documents(found)["feed.json"] == documents(found)["feed.json"]
    # Readers of the other formats are not shown it, and are not told anew.
    assert documents(found)["rss.xml"] == before["rss.xml"]
    assert documents(alone) == before
