"""From a raw entry to an entry: which candidate wins, and what is said of where it stood."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import Enclosure, Entry, Found, ListedLink, NoticeClass, Precision, RawEntry
from crawler.normalise.author import split_authors
from crawler.normalise.entry import normalise_entry
from tests.factories import source

VISITED = datetime.fromisoformat("2026-11-23T12:00:00+08:00")
URL = "https://river-port.example/a/17.html"


def found(text: str, where: str = "h1") -> Found:
    return Found(text=text, where=where)


def raw_entry(**given_fields: Any) -> RawEntry:
    """A page with a title; strings stand for one candidate each."""
    plain: dict[str, Any] = {"url": URL, "titles": ("渡口的灯火",)}
    values = plain | given_fields
    for name in ("titles", "published", "updated", "authors", "keywords", "notices"):
        values[name] = tuple(
            found(each) if isinstance(each, str) else each for each in values.get(name, ())
        )
    return RawEntry(**values)


def normal(listed: ListedLink | None = None, **given_fields: Any) -> Entry:
    raw = raw_entry(**given_fields)
    return normalise_entry(raw, source=source(), visited=VISITED, listed=listed)


def row(**given_fields: Any) -> ListedLink:
    return ListedLink(url=URL, **given_fields)


# --- title ------------------------------------------------------------------------------------


def test_the_first_candidate_is_the_title_and_its_words_are_kept() -> None:
    entry = normal(titles=("渡口的灯火_河港", "别的"))
    assert (entry.title, entry.title_raw) == ("渡口的灯火", "渡口的灯火_河港")
    assert entry.found["title"] == "h1"


@pytest.mark.parametrize("generic", ["河港", "首页", "Untitled", "river-port.example", " "])
def test_a_title_that_is_none_gives_way_to_the_next(generic: str) -> None:
    assert normal(titles=(generic, "渡口的灯火")).title == "渡口的灯火"


def test_the_list_names_a_page_that_does_not_name_itself() -> None:
    entry = normal(row(title="渡口的灯火"), titles=("河港",))
    assert (entry.title, entry.found["title"]) == ("渡口的灯火", "list")


def test_no_title_is_unknown_and_not_made_up() -> None:
    entry = normal(titles=("首页",))
    assert (entry.title, entry.title_raw) == (None, None)
    assert "title" not in entry.found


def test_a_retraction_on_the_list_is_one() -> None:
    assert normal(row(title="【撤稿】渡口的灯火")).is_retracted
    assert not normal(row(title="【撤稿】别的文章")).is_retracted


def test_the_column_in_a_title_is_read() -> None:
    entry = normal(titles=("【评论】渡口的灯火",), column=found("评论", "crumb"))
    assert (entry.title, entry.column, entry.found["column"]) == ("渡口的灯火", "评论", "crumb")


# --- dates ------------------------------------------------------------------------------------


def test_the_first_date_that_is_one_wins_with_its_place() -> None:
    entry = normal(published=("1970-01-01", found("2021-02-27 08:05", "line"), "2021-03-01"))
    assert entry.published is not None
    assert entry.published.value == "2021-02-27T08:05+08:00"
    assert entry.published.raw == "2021-02-27 08:05"
    assert entry.found["published"] == "line"


PUBLISHED = [
    # candidates of the page, of the list, of the address; the day; where
    (("2021-02",), "2021-02-27", "2021-02-27", "list"),  # the finer agrees
    (("2021-02",), "2021-03-01", "2021-02", "h1"),  # the finer contradicts
    (("2021-02-27",), "2021-02-28", "2021-02-27", "h1"),
    (("02-27",), "2020-02-27", "2020-02-27", "list"),  # the year that was missing
    (("02-27",), None, "2026-02-27", "h1"),
    (("2021年第4期",), "02-27", "2026-02-27", "list"),
    ((), "2021-02-27", "2021-02-27", "list"),
    (("2029-01-01",), "2021-02-27", "2021-02-27", "list"),  # too far ahead
    (("2027-01-01",), None, "2027-01-01", "h1"),  # a cover date
]


@pytest.mark.parametrize(("printed", "listed", "value", "where"), PUBLISHED)
def test_page_then_list_say_when_it_was_published(
    printed: tuple[str, ...], listed: str | None, value: str, where: str
) -> None:
    entry = normal(row(published=listed), published=printed)
    assert entry.published is not None
    assert (entry.published.value, entry.found["published"]) == (value, where)


def test_the_address_is_the_last_to_name_a_day() -> None:
    url = "https://river-port.example/2017/0803/2735.html"
    entry = normal(url=url)
    assert entry.published is not None
    assert (entry.published.value, entry.found["published"]) == ("2017-08-03", "url")
    assert normal(url=url, published=("2017-08-04",)).found["published"] == "h1"


def test_an_issue_is_better_than_nothing_and_names_volume_and_number() -> None:
    entry = normal(published=(found("2021,36(4)", "line"),))
    assert entry.published is not None
    assert (entry.published.value, entry.published.precision) == (None, Precision.ISSUE)
    assert (entry.volume, entry.number) == ("36", "4")
    assert entry.found["number"] == "line"


def test_a_number_that_the_page_gives_itself_comes_first() -> None:
    entry = normal(published=("2021年第4期",), number=found("第05期", "meta"))
    assert (entry.volume, entry.number) == (None, "5")


def test_a_refused_date_is_kept_with_its_reason() -> None:
    entry = normal(published=("2021年2月30日",))
    assert entry.published is not None
    assert (entry.published.value, entry.published.reason) == (None, "no such day")


def test_no_date_is_unknown() -> None:
    assert normal().published is None


def test_an_edit_names_a_day_and_moves_nothing() -> None:
    entry = normal(published=("2021-02-27",), updated=("2022", "2022-03-01"))
    assert entry.published is not None
    assert entry.updated is not None
    assert (entry.published.value, entry.updated.value) == ("2021-02-27", "2022-03-01")


def test_the_zone_and_the_language_are_the_journals() -> None:
    berlin = source(zone="Europe/Berlin", language="en-US")
    raw = raw_entry(published=("3/4/2021 08:05",))
    entry = normalise_entry(raw, source=berlin, visited=VISITED)
    assert entry.published is not None
    assert entry.published.value == "2021-03-04T08:05+01:00"


# --- authors ----------------------------------------------------------------------------------

AUTHORS = [
    ("林渡、苏航", ("林渡", "苏航")),
    ("作者：林渡 苏航", ("林渡", "苏航")),
    ("文/林渡", ("林渡",)),
    ("林 渡", ("林渡",)),
    ("林 渡 苏航，安 澜", ("林渡", "苏航", "安澜")),
    ("本刊记者 林渡", ("林渡",)),
    ("林渡1,2* ，苏航（河港大学）", ("林渡", "苏航")),
    ("Ada River, Bo Port and Cy Quay", ("Ada River", "Bo Port", "Cy Quay")),
    ("River, Ada", ("River, Ada",)),
    ("Ada River; Bo Port Jr.", ("Ada River", "Bo Port Jr.")),
    ("By Ada River", ("Ada River",)),
    ("林渡, 林渡", ("林渡",)),
    ("林渡 lin@river-port.example", ("林渡",)),
    ("记者 林渡 通讯员 苏航", ("林渡", "苏航")),
    ("本报实习记者 林渡 苏航", ("林渡", "苏航")),
    ("Ada River et Bo Port", ("Ada River", "Bo Port")),
    ("Ada River, Staff Writer", ("Ada River",)),
    ("Ada River, Harbour University", ("Ada River",)),
    ("本站编辑", ()),
    ("admin", ()),
    ("河港", ()),
    ("https://river-port.example/u/1", ()),
    ("渡" * 61, ()),
    ("", ()),
]


@pytest.mark.parametrize(("printed", "names"), AUTHORS)
def test_authors_are_names_one_each(printed: str, names: tuple[str, ...]) -> None:
    assert normal(authors=(printed,)).authors == names


NAMELIKE = st.one_of(
    st.text(max_size=60),
    st.text(
        alphabet=st.sampled_from(list("林渡苏航记者 作者文图:：,，、;12*().abBy")), max_size=40
    ),
)


@pytest.mark.parametrize("language", [None, "zh-CN", "ja"])
@given(text=NAMELIKE)
def test_a_name_that_was_split_off_is_not_split_again(language: str | None, text: str) -> None:
    names = split_authors(text, language=language)
    again = (split_authors(name, language=language) for name in names)
    assert tuple(one for several in again for one in several) == names


def test_the_first_place_that_names_authors_names_all() -> None:
    entry = normal(
        authors=(
            found("admin", "meta author"),
            found("林渡", "citation_author"),
            found("苏航", "citation_author"),
            found("林渡 摄影", "byline"),
        )
    )
    assert entry.authors == ("林渡", "苏航")
    assert entry.found["authors"] == "citation_author"


def test_on_a_chinese_page_print_names_the_authors_before_the_template_does() -> None:
    entry = normal(
        language=found("zh-CN", "html[lang]"),
        authors=(
            found("河港新闻网", "meta[name=author]"),
            found("林渡", "label 作者"),
        ),
    )
    assert entry.authors == ("林渡",)


# --- notices ----------------------------------------------------------------------------------

FREE = found("本刊所有内容可转载，注明来源即可。", "article: p")


def test_a_notice_is_chosen_with_its_place() -> None:
    entry = normal(notices=(FREE, found("图片来自网络", "article: p")))
    assert entry.notice is not None
    assert entry.notice.class_ is NoticeClass.FREE_ATTRIBUTION
    assert entry.notices == (entry.notice,)
    assert entry.found["notice"] == "article: p"


def test_a_title_marked_as_a_reprint_gives_nothing_away() -> None:
    entry = normal(titles=("[转载]渡口的灯火",), notices=(FREE,), origin=found("江岸", "line"))
    assert entry.title == "渡口的灯火"
    assert entry.notice is not None
    assert entry.notice.class_ is NoticeClass.THIRD_PARTY
    assert entry.notice.origin is not None
    assert entry.notice.origin.name == "江岸"


def test_what_the_title_says_of_the_article_is_among_the_kinds() -> None:
    entry = normal(titles=("【原创】渡口的灯火",), notices=(FREE,))
    assert entry.notice is not None
    assert "original" in entry.notice.kinds


def test_a_licence_named_by_address_is_a_notice() -> None:
    url = "https://creativecommons.org/licenses/by/4.0/"
    entry = normal(license=found(url, "a[rel=license]"))
    assert entry.notice is not None
    assert entry.notice.license == "CC-BY-4.0"


def test_silence_is_no_notice() -> None:
    entry = normal()
    assert (entry.notice, entry.notices) == (None, ())


# --- summary ----------------------------------------------------------------------------------


def test_the_abstract_is_the_summary() -> None:
    entry = normal(summary=found("一座老渡口\n怎样成了客厅。", "meta"), text="正文。")
    assert (entry.summary, entry.found["summary"]) == ("一座老渡口 怎样成了客厅。", "meta")


@pytest.mark.parametrize("given_summary", ["渡口的灯火", "河港", FREE.text, "—"])
def test_a_summary_that_says_nothing_gives_way_to_the_text(given_summary: str) -> None:
    entry = normal(summary=found(given_summary, "meta"), text="天黑以后，渡口先亮起来。")
    assert (entry.summary, entry.found["summary"]) == ("天黑以后，渡口先亮起来。", "text")


def test_a_summary_from_the_text_ends_with_a_sentence_and_holds_no_notice() -> None:
    text = "\n".join(["渡口的灯火", FREE.text, "天黑以后，渡口先亮起来。" * 20, "人们在这里等船。"])
    summary = normal(text=text, notices=(FREE,)).summary
    assert summary == "天黑以后，渡口先亮起来。" * 16
    english = "The ferry goes at dusk. " * 40
    assert normal(text=english).summary == ("The ferry goes at dusk. " * 16).strip()


CUTS = [
    ("渡" * 300, "渡" * 199 + "…"),
    ("短。" + "渡" * 300, "短。" + "渡" * 197 + "…"),
    ("ferry" * 100, "ferry" * 79 + "ferr" + "…"),  # one word without end
    ("q\u0301" * 200, "q\u0301" * 99 + "…"),
    ("渡" * 197 + "👩\u200d👩\u200d👧" + "渡" * 50, "渡" * 197 + "…"),
    ("渡" * 198 + "👍🏽" + "渡" * 50, "渡" * 198 + "…"),
    ("渡" * 198 + "🇨🇳" + "渡" * 50, "渡" * 198 + "…"),
    ("a b" + " word" * 100, "a b" + " word" * 79 + "…"),
]


@pytest.mark.parametrize(("text", "summary"), CUTS)
def test_a_text_without_sentences_is_cut_between_signs(text: str, summary: str) -> None:
    assert normal(text=text).summary == summary


def test_no_text_has_no_summary() -> None:
    assert normal(text="—\n—").summary is None


# --- the rest ---------------------------------------------------------------------------------


def test_small_fields_are_checked_and_cleaned() -> None:
    entry = normal(
        doi=found("https://doi.org/10.1234/abc.5.", "meta"),
        issn=found("ISSN 2096-1847", "meta"),
        cn=found("CN 14-1384/F", "line"),
        journal=found(" 河 港 ", "meta"),
        volume=found("Vol. 36", "meta"),
        number=found("第04期", "meta"),
        pages=found("pp. 12 – 15", "meta"),
        language=found("zh_CN", "html"),
        image=found("/a.jpg", "meta"),
    )
    assert (entry.doi, entry.issn, entry.cn) == ("10.1234/abc.5", "2096-1847", "14-1384/F")
    assert (entry.volume, entry.number, entry.pages) == ("36", "4", "12-15")
    assert (entry.journal, entry.language) == ("河 港", "zh-CN")
    assert entry.image == "https://river-port.example/a.jpg"
    assert entry.found["issn"] == "meta"


NUMBERS = [
    ("Z1", "Z1"),
    ("1-2", "1-2"),
    ("0", "0"),
    ("增刊1", "增刊1"),
    ("No. 7", "7"),
    ("-", None),
]


@pytest.mark.parametrize(("printed", "number"), NUMBERS)
def test_a_number_of_an_issue_need_not_be_one(printed: str, number: str | None) -> None:
    assert normal(number=found(printed)).number == number


def test_what_is_wrong_is_unknown() -> None:
    entry = normal(
        doi=found("n/a"), issn=found("1234-5678"), cn=found("CN (HK)"), language=found("中文")
    )
    assert (entry.doi, entry.issn, entry.cn, entry.language) == (None, None, None, None)


def test_text_and_html_are_clean_and_their_place_is_told() -> None:
    entry = normal(text="天\ufffe黑\r\n了", html="<p>天\x00黑</p>", body_where="div.content")
    assert (entry.text, entry.html) == ("天黑\n了", "<p>天黑</p>")
    assert entry.found["text"] == "div.content"


def test_files_go_through() -> None:
    file = Enclosure(url="https://river-port.example/17.pdf", type="application/pdf")
    assert normal(enclosures=(file,)).enclosures == (file,)


CANONICAL = [
    (None, "http://river-port.example/a/17.html"),
    ("https://river-port.example/a/17", "http://river-port.example/a/17"),
    ("https://river-port.example/", "http://river-port.example/a/17.html"),  # a template's
    ("https://elsewhere.example/a/17", "http://river-port.example/a/17.html"),
]


@pytest.mark.parametrize(("claimed", "key"), CANONICAL)
def test_a_page_is_believed_about_its_address_only_where_it_can_be_true(
    claimed: str | None, key: str
) -> None:
    entry = normal(canonical_url=found(claimed) if claimed else None)
    assert (entry.url, entry.canonical_url) == (URL, key)


def test_a_page_read_from_a_file_has_the_address_that_is_known_of_it() -> None:
    assert normal(row(), url=None).url == URL
    assert normal(url=None, canonical_url=found(URL)).url == URL
    assert normalise_entry(RawEntry(url=None), source=None, visited=VISITED).url == ""


def test_without_a_source_the_page_stands_for_itself() -> None:
    raw = raw_entry(
        published=("2021-02-27 08:05",), journal=found("河港", "meta"), titles=("河港",)
    )
    entry = normalise_entry(raw, source=None, visited=VISITED)
    assert entry.title is None
    assert entry.published is not None
    assert entry.published.value == "2021-02-27T08:05+08:00"


TEXTS = st.text(max_size=30)
MANY = st.lists(st.builds(Found, text=TEXTS, where=st.sampled_from(["h1", "meta"])), max_size=3)
FOUND = [field.name for field in fields(RawEntry) if str(field.type) == "Found | None"]


# --- keywords ---------------------------------------------------------------------------------


def test_the_first_place_that_has_keywords_has_all() -> None:
    citation, label = "meta[name=citation_keywords]", "label 关键词"
    entry = normal(
        keywords=(
            found("积雪；反照率", citation),
            found("反照率", citation),
            found("冰", label),
        )
    )
    assert (entry.keywords, entry.found["keywords"]) == (("积雪", "反照率"), citation)


LISTED = "meta[name=Keywords]"
TEXT = "渡口的灯火照着夜航的船，船工在灯下修补缆绳。夜航网摄。"


@pytest.mark.parametrize(
    ("listed", "kept"),
    [
        ("灯火,夜航,缆绳", ("灯火", "夜航", "缆绳")),
        ("灯火,夜航,缆绳,民俗", ("灯火", "夜航", "缆绳")),
        ("灯火,民俗,散文", ()),
        ("河港,生活方式,手艺", ()),
        ("渡口的灯火", ()),
        ("灯火,夜航网", ("灯火",)),
        ("渡口的灯火,夜航", ("夜航",)),
    ],
)
def test_a_list_that_may_be_the_sites_counts_as_far_as_the_article_says_it(
    listed: str, kept: tuple[str, ...]
) -> None:
    site = (found("夜航网", "footer"),)
    assert normal(keywords=(found(listed, LISTED),), text=TEXT, site=site).keywords == kept


def test_on_a_page_with_tags_for_scholars_the_list_is_the_articles() -> None:
    entry = normal(
        titles=(found("渡口的灯火", "meta[name=citation_title]"),),
        keywords=(found("积雪;反照率", LISTED),),
    )
    assert entry.keywords == ("积雪", "反照率")


def test_what_a_system_tells_its_advertisers_is_no_keyword() -> None:
    entry = normal(
        keywords=tuple(
            found(text, "json-ld Article.keywords")
            for text in ("Page Type: Article", "_paid", "Ferries")
        )
    )
    assert entry.keywords == ("Ferries",)


@given(
    one=st.dictionaries(st.sampled_from(FOUND), TEXTS),
    titles=MANY,
    published=MANY,
    authors=MANY,
    keywords=MANY,
    text=TEXTS,
)
def test_any_strings_make_an_entry(
    one: dict[str, str],
    titles: list[Found],
    published: list[Found],
    authors: list[Found],
    keywords: list[Found],
    text: str,
) -> None:
    raw = RawEntry(
        url=URL,
        titles=tuple(titles),
        published=tuple(published),
        updated=tuple(published),
        authors=tuple(authors),
        keywords=tuple(keywords),
        notices=tuple(titles),
        text=text,
        **{name: found(value) for name, value in one.items()},
    )
    entry = normalise_entry(raw, source=source(), visited=VISITED)
    assert entry.title_raw is None or entry.title_raw in {each.text for each in titles}
    assert set(entry.found.values()) <= {
        "h1",
        "meta",
        "text",
        "url",
        "",
        *(f"article: {each.where}" for each in titles),
    }


@pytest.mark.parametrize(
    ("instant", "printed", "value"),
    [
        ("2020-02-25T02:25:54+00:00", "February 24, 2020 | 9:25pm", "2020-02-24T21:25:54-05:00"),
        ("2020-02-24T23:59:50Z", "2020-02-25T01:59:50+02:00", "2020-02-25T01:59:50+02:00"),
        ("2020-02-24T19:40Z", "2020/02/25 01:10", "2020-02-25T01:10+05:30"),
        # the same day: nothing to mend, the zone stays that of the machine
        ("2020-02-24T12:25:54Z", "February 24, 2020 | 7:25am", "2020-02-24T12:25:54+00:00"),
        # other times are other events, and no zone lies 7 hours and 13 minutes east
        ("2020-02-24T18:00:00Z", "February 25, 2020 | 1:13am", "2020-02-24T18:00:00+00:00"),
        ("2020-02-24T18:00:00Z", "February 26, 2020 | 6:00pm", "2020-02-24T18:00:00+00:00"),
        # a day without a time proves no zone
        ("2020-02-24T18:00:00Z", "February 25, 2020", "2020-02-24T18:00:00+00:00"),
    ],
)
def test_an_instant_in_utc_is_told_in_the_zone_of_the_page(
    instant: str, printed: str, value: str
) -> None:
    raw = RawEntry(
        url=URL,
        published=(
            Found(text=instant, where="meta[property=article:published_time]"),
            Found(text=printed, where="line: p"),
        ),
    )
    published = normalise_entry(raw, source=None, visited=VISITED).published
    assert published is not None
    assert (published.value, published.raw) == (value, instant)


def test_a_printed_day_that_the_address_names_too_stands_against_utc() -> None:
    raw = RawEntry(
        url="https://journal.example/2020/02/25/harbour.html",
        published=(
            Found(text="2020-02-24T23:01:00Z", where="meta[property=article:published_time]"),
            Found(text="25 Febbraio 2020", where="line: p"),
        ),
    )
    published = normalise_entry(raw, source=None, visited=VISITED).published
    assert published is not None
    assert published.value == "2020-02-25"
