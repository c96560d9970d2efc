"""What pages say of themselves in their heads."""

from __future__ import annotations

import json

import pytest

from crawler.reading.document import read_document
from crawler.reading.metadata import Metadata, read_metadata


def metadata(markup: str) -> Metadata:
    return read_metadata(read_document(markup.encode(), url=None))


def texts(markup: str, field: str) -> list[str]:
    return [found.text for found in metadata(markup).all(field)]


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("citation_title", "title"),
        ("Citation_Title", "title"),
        ("DC.Title", "title"),
        ("dc:title", "title"),
        ("DC_Title", "title"),
        ("prism.publicationDate", "published"),
        ("DCTERMS.issued", "published"),
        ("PubDate", "published"),
        ("citation_online_date", "online"),
        ("DC.Identifier.DOI", "doi"),
        ("ContentSource", "source"),
    ],
)
def test_names_are_read_in_every_spelling(name: str, field: str) -> None:
    (found,) = metadata(f'<meta name="{name}" content=" a  value ">').all(field)
    assert (found.text, found.where) == ("a value", f"meta[name={name}]")


def test_properties_are_read_as_names_are() -> None:
    assert texts('<meta property="article:published_time" content="2021-02-27">', "published") == [
        "2021-02-27"
    ]


def test_repeated_authors_keep_their_order() -> None:
    tags = "".join(
        f'<meta name="citation_author" content="{name}">' for name in ("甲乙", "丙丁", "甲乙")
    )
    assert texts(tags, "author") == ["甲乙", "丙丁"]


def test_the_more_telling_name_comes_first() -> None:
    tags = '<meta name="date" content="2020"><meta name="citation_date" content="2021">'
    assert texts(tags, "published") == ["2021"]
    assert texts(tags, "dated") == ["2020"]


def test_json_ld_is_read_from_the_article_and_not_from_its_site() -> None:
    graph = [
        {"@type": "WebSite", "name": "The site", "datePublished": "1999-01-01"},
        {"@type": "WebPage", "datePublished": "2001-01-01"},
        {
            "@type": ["NewsArticle"],
            "headline": "A &amp; B",
            "datePublished": "2021-02-27T08:05+08:00",
            "author": [{"name": "Editorial office"}, {"name": "Second"}],
            "publisher": {"name": "River Studies"},
            "isPartOf": {
                "issueNumber": 4,
                "isPartOf": {"name": "River Studies", "issn": ["1234-5679"]},
            },
        },
    ]
    page = f'<script type="application/ld+json">{json.dumps({"@graph": graph})};</script>'
    assert texts(page, "social_title")[0] == "A & B"
    assert texts(page, "published") == ["2021-02-27T08:05+08:00", "2001-01-01"]
    assert texts(page, "author") == ["Editorial office", "Second"]
    assert texts(page, "number") == ["4"]
    assert texts(page, "issn") == ["1234-5679"]
    assert texts(page, "site") == ["River Studies"]


@pytest.mark.parametrize(
    "text", ["", "{", "[" * 5000, '{"@type": "Article", "headline": {"a": 1}}', "null", "3"]
)
def test_broken_json_ld_is_no_metadata(text: str) -> None:
    assert texts(f'<script type="application/ld+json">{text}</script>', "social_title") == []


def test_json_ld_with_a_bare_newline_and_in_a_comment_is_read() -> None:
    page = (
        '<script type="application/ld+json"><!-- {"@type":"Article","headline":"a\nb"} --></script>'
    )
    assert texts(page, "social_title") == ["a b"]


def test_microdata_gives_the_machines_value_before_the_shown_one() -> None:
    page = '<p><span itemprop="datePublished" content="2021-02-27">last Saturday</span></p>'
    assert texts(page, "published") == ["2021-02-27"]


def test_a_question_is_older_than_its_answers() -> None:
    page = (
        '<p><time itemprop="dateCreated" datetime="2018-06-08">June</time></p>'
        '<p><time itemprop="datePublished" datetime="2021-04-08">April</time></p>'
    )
    assert texts(page, "published")[0] == "2018-06-08"


def test_first_takes_the_first_field_that_has_anything() -> None:
    found = metadata('<meta name="description" content="d">').first("abstract", "description")
    assert found is not None
    assert found.text == "d"
    assert metadata("<p>x").first("abstract") is None


def test_what_is_said_in_two_languages_is_taken_in_the_pages_own() -> None:
    markup = """<html lang="zh-CN"><head>
      <meta name="citation_author" content="坡地水文课题组" xml:lang="zh">
      <meta name="citation_author" content="Hillslope Group" xml:lang="en">
      <meta name="citation_author" content="第二作者" xml:lang="zh"></head></html>"""
    assert [found.text for found in metadata(markup).all("author")] == [
        "坡地水文课题组",
        "第二作者",
    ]
    english = markup.replace('lang="zh-CN"', 'lang="en"')
    assert [found.text for found in metadata(english).all("author")] == ["Hillslope Group"]


def test_a_tag_that_says_value_for_content_is_read() -> None:
    assert texts('<meta name="pubdate" value="2021-02-27">', "published") == ["2021-02-27"]


def test_an_abbreviation_names_its_instant_in_its_title() -> None:
    instant = '<body><abbr itemprop=datePublished title="2021-02-27T08:05:00+08:00">08:05</abbr>'
    assert texts(instant, "published") == ["2021-02-27T08:05:00+08:00"]
