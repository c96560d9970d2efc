from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import html5lib
import pytest

from archive.model import Enclosure, EntryState, NoticeClass, Origin
from feeds.content import clean_html, excerpt, percent_encode
from feeds.journal import NAMESPACES
from sources.model import Rights
from tests.factories import SEEN, archived, entry, notice, source
from tests.feeds.render import SETTINGS, atom, documents, json_feed, one, rss, texts

if TYPE_CHECKING:
    from lxml import etree

BODY = "天黑以后"


def carried(class_: NoticeClass, **options: object) -> tuple[list[str | None], list[str | None]]:
    """Summary and full text that an RSS item has under a notice of this class."""
    item = one(rss(archived(notice=notice(class_)), **options), "item")
    return texts(item, "description"), texts(item, "content:encoded")


def kinds(tree: etree._Element) -> set[str]:
    """The elements of a feed, and the rels of its links."""
    return {str(element.tag) for element in tree.iter()} | {
        rel for element in tree.iter() if (rel := element.get("rel"))
    }


@pytest.mark.parametrize(
    "class_", [NoticeClass.OPEN_LICENSE, NoticeClass.FREE, NoticeClass.FREE_ATTRIBUTION]
)
def test_line_18_a_text_that_anyone_may_pass_on_is_carried_in_full(class_: NoticeClass) -> None:
    summary, full = carried(class_)
    assert summary == ["一座老渡口怎样成了城市的客厅。"]
    assert BODY in (full[0] or "")


@pytest.mark.parametrize("class_", [NoticeClass.PERMISSION, NoticeClass.RESERVED])
def test_line_18_a_text_that_needs_permission_is_summarised(class_: NoticeClass) -> None:
    summary, full = carried(class_)
    assert summary == ["一座老渡口怎样成了城市的客厅。"]
    assert full == []


def test_line_18_a_forbidden_text_is_a_title_and_a_link() -> None:
    forbidden = archived(notice=notice(NoticeClass.FORBIDDEN))
    item = one(rss(forbidden), "item")
    assert texts(item, "title") == ["渡口的灯火"]
    assert texts(item, "link") == [forbidden.entry.url]
    # The line is ours: where the article stands, nothing of what it says.
    assert texts(item, "description") == ["来源：《河港》 · 第5期 · 2026-03-02 · 林渡、Ada River"]
    assert not texts(item, "content:encoded")


@pytest.mark.parametrize(
    ("class_", "has_picture", "has_file"),
    [
        (NoticeClass.FREE, True, True),
        (NoticeClass.PERMISSION, False, True),
        (NoticeClass.FORBIDDEN, False, False),
    ],
)
def test_a_picture_goes_with_the_text_and_a_file_with_the_summary(
    class_: NoticeClass, has_picture: bool, has_file: bool
) -> None:
    file = Enclosure(url="https://a.example/1.pdf", type="application/pdf")
    rich = archived(notice=notice(class_), image="https://a.example/1.jpg", enclosures=(file,))
    for found in (
        kinds(rss(rich)) | kinds(atom(rich)),
        set(json_feed(rich)["items"][0]),
    ):
        assert bool(found & {"{http://search.yahoo.com/mrss/}content", "image"}) is has_picture
        assert bool(found & {"enclosure", "attachments"}) is has_file


def test_line_18_a_text_without_a_notice_is_reserved() -> None:
    item = one(rss(archived(notice=None)), "item")
    assert not texts(item, "content:encoded")
    assert not texts(item, "dc:rights")


def test_a_noncommercial_notice_follows_what_the_operator_declared() -> None:
    assert carried(NoticeClass.NC_ATTRIBUTION)[1] == []
    noncommercial = replace(SETTINGS, noncommercial=True)
    assert carried(NoticeClass.NC_ATTRIBUTION, settings=noncommercial)[1] != []


def test_what_the_operator_was_granted_opens_a_silent_journal() -> None:
    granted = source(rights=Rights(notice="free-attribution", text="编辑部来信，2026年1月"))
    assert texts(rss(archived(notice=None), of=granted), "item/content:encoded")


def test_a_reprint_names_and_links_its_first_publisher() -> None:
    origin = Origin(name="海岸评论", url="https://coast.example/9")
    reprint = archived(notice=notice(NoticeClass.THIRD_PARTY, origin=origin))
    item = one(rss(reprint), "item")
    assert texts(item, "description") == [
        '一座老渡口怎样成了城市的客厅。<br>转载自：<a href="https://coast.example/9">海岸评论</a>'
    ]
    assert not texts(item, "content:encoded")
    via = one(atom(reprint), "{*}entry/{*}link[@rel='via']")
    assert via.get("href") == "https://coast.example/9"
    (item_,) = json_feed(reprint)["items"]
    assert item_["external_url"] == "https://coast.example/9"
    assert item_["summary"] == "一座老渡口怎样成了城市的客厅。\n转载自：海岸评论"


def test_the_notice_is_carried_verbatim_in_each_format() -> None:
    said = "本刊文章欢迎转载，转载时请写明出自《河港》。"
    assert texts(rss(archived()), "item/dc:rights") == [said]
    assert texts(atom(archived()), "{*}entry/{*}rights") == [said]
    assert json_feed(archived())["items"][0]["_kanliu"]["notice"]["text"] == said


def test_a_full_text_ends_with_its_source_its_notice_and_a_link() -> None:
    (full,) = texts(rss(archived()), "item/content:encoded")
    assert full == (
        "<p>天黑以后，渡口先亮起来。</p><p>人们在这里等船，也等人。</p>\n<hr>\n"
        "<p>来源：《河港》 · 第5期 · 2026-03-02 · 林渡、Ada River · "
        '<a href="https://river-port.example/2026/0302/1.html">阅读原文</a></p>\n'
        "<p>本刊文章欢迎转载，转载时请写明出自《河港》。</p>"
    )


def test_a_licence_is_named_and_linked_below_the_text() -> None:
    licensed = notice(
        NoticeClass.OPEN_LICENSE,
        license="CC BY 4.0",
        license_url="https://creativecommons.org/licenses/by/4.0/",
    )
    (full,) = texts(rss(archived(notice=licensed)), "item/content:encoded")
    assert '<a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>' in (full or "")


def test_an_english_article_gets_english_words() -> None:
    (full,) = texts(rss(archived(language="en")), "item/content:encoded")
    assert "Source: 河港 · no. 5 · 2026-03-02 · 林渡, Ada River" in (full or "")


def test_a_text_without_html_is_carried_in_paragraphs() -> None:
    plain = archived(html=None, text="一 < 二\n\n三 & 四")
    (full,) = texts(rss(plain), "item/content:encoded")
    assert (full or "").startswith("<p>一 &lt; 二</p>\n<p>三 &amp; 四</p>\n<hr>")


def test_a_summary_is_made_of_the_first_sentences_where_the_page_has_none() -> None:
    text = "渡口在河的左岸。" * 40
    (summary,) = texts(rss(archived(summary=None, text=text)), "item/description")
    assert summary == "渡口在河的左岸。" * 20


def test_no_excerpt_is_made_where_the_notice_refuses_excerpts() -> None:
    refused = archived(
        summary=None, notice=notice(NoticeClass.PERMISSION, obligations=("noexcerpt",))
    )
    (summary,) = texts(rss(refused), "item/description")
    assert summary is not None
    assert BODY not in summary
    assert summary.startswith("来源：《河港》")


def test_a_summary_is_text_and_its_signs_are_not_markup() -> None:
    entry_ = archived(summary="若 a<b 且 b>c")
    assert texts(rss(entry_), "item/description") == ["若 a&lt;b 且 b&gt;c"]
    assert json_feed(entry_)["items"][0]["summary"] == "若 a<b 且 b>c"


@pytest.mark.parametrize("by_state", [True, False])
def test_line_29_a_retracted_entry_says_so_counts_as_updated_and_has_a_tombstone(
    by_state: bool,
) -> None:
    later = SEEN + timedelta(days=3)
    retracted = (
        archived(state=EntryState.RETRACTED, state_since=later)
        if by_state
        else archived(is_retracted=True, changed=later)
    )
    assert texts(rss(retracted), "item/title") == ["【撤稿】渡口的灯火"]
    assert texts(atom(retracted), "{*}entry/{*}updated") == [later.isoformat()]
    if by_state:  # the store sets the state with the flag
        grave = one(atom(retracted), "at:deleted-entry")
        assert (grave.get("ref"), grave.get("when")) == (retracted.id, later.isoformat())


def test_a_title_that_says_it_is_retracted_is_not_marked_twice() -> None:
    for title in ("撤稿：渡口的灯火", "RETRACTED: Lights at the ferry"):
        retracted = archived(state=EntryState.RETRACTED, title=title)
        assert texts(rss(retracted), "item/title") == [title]


def test_a_vanished_page_stays_as_it_was() -> None:
    gone = archived(state=EntryState.VANISHED, state_since=SEEN + timedelta(days=3))
    assert texts(rss(gone), "item/title") == ["渡口的灯火"]
    assert texts(atom(gone), "{*}entry/{*}updated") == [SEEN.isoformat()]


def test_of_an_entry_that_was_taken_down_only_that_is_left() -> None:
    taken_down = archived(1, state=EntryState.WITHDRAWN, state_since=SEEN + timedelta(days=3))
    for name, document in documents(taken_down, archived(2)).items():
        assert document.decode().count(taken_down.entry.title or "") == 1, name
    item = rss(taken_down).find("item")
    assert item is not None
    assert item.findtext("guid") == taken_down.id
    assert item.findtext("title") == "【已撤下】《河港》"
    assert item.findtext("description") == "本站已撤下这篇文章。"
    assert {tag.tag for tag in item} <= {
        *("title", "link", "description", "guid", "pubDate"),
        *(
            f"{{{NAMESPACES['prism']}}}{name}"
            for name in ("publicationName", "issn", "eIssn", "publicationDate")
        ),
    }


def test_an_entry_without_a_title_is_called_by_its_first_words_or_its_address() -> None:
    assert texts(rss(archived(title=None)), "item/title") == [
        "天黑以后，渡口先亮起来。 人们在这里等船，也等人。"
    ]
    silent = archived(title=None, notice=notice(NoticeClass.FORBIDDEN))
    assert texts(rss(silent), "item/title") == [silent.entry.url]


def test_line_8_an_edit_moves_updated_and_never_published() -> None:
    later = SEEN + timedelta(hours=5)
    edited = archived(revision=2, changed=later)
    assert texts(atom(edited), "{*}entry/{*}updated") == [later.isoformat()]
    assert texts(atom(edited), "{*}entry/{*}published") == ["2026-03-02T00:00:00+08:00"]


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("<p onclick='x()'>一</p>", "<p>一</p>"),
        ("<script>x()</script><style>p{}</style><p>一</p>", "<p>一</p>"),
        ("<iframe src='https://x.example'></iframe>一", "一"),
        ("<a href='javascript:x()'>一</a>", "<a>一</a>"),
        ("<a href='../二.html'>一</a>", '<a href="https://a.example/%E4%BA%8C.html">一</a>'),
        ("<img src='1.jpg' alt='桥'>", '<img src="https://a.example/x/1.jpg" alt="桥">'),
        ("<p>一<b>二", "<p>一<b>二</b></p>"),
        (
            "<img src=' https://a.example/图\n 1.jpg '>",
            '<img src="https://a.example/%E5%9B%BE%201.jpg">',
        ),
        (
            "<a href='https://河港.example/?q=桥'>一</a>",
            '<a href="https://xn--ovwq5a.example/?q=%E6%A1%A5">一</a>',
        ),
        ("<a href='http://[桥/'>一</a>", "<a>一</a>"),
        ("<blockquote cite='/桥'>一</blockquote>", "<blockquote>一</blockquote>"),
    ],
)
def test_line_21_html_leaves_clean_closed_and_with_absolute_addresses(
    given: str, cleaned: str
) -> None:
    assert clean_html(given, base="https://a.example/x/y.html") == cleaned


@pytest.mark.parametrize(
    "html",
    [
        "<p>一<button><p>二</p></button>三</p>",
        "<table><tr>一<td>二<table>三</table></table>四",
        "<a href='/1'>一<object><a href='/2'>二</a></object></a>",
        "<ul><li>一<li>二<form><li>三</form></ul>",
        "<select><option>一<p>二</select><h1>三<h2>四",
        "<p>1 &lt 2 &amp 3 & 4 &nbsp 5 < 6</p><br/><hr></hr>",
        "<b><p>一</b>二</p></i><svg><p>三</svg>",
    ],
)
def test_line_22_html_is_parsed_without_an_error_whatever_a_page_had(html: str) -> None:
    cleaned = clean_html(html, base="https://a.example/")
    parser = html5lib.HTMLParser()
    parser.parseFragment(cleaned)
    assert parser.errors == []
    assert clean_html(cleaned, base="https://a.example/") == cleaned


def test_line_17_the_notice_stands_word_for_word_in_every_format() -> None:
    words = "转载 <须知>：\n  请注明《河港》& 作者；e-mail：a@river.example 。"
    entry_ = archived(notice=notice(NoticeClass.PERMISSION, text=words))
    assert texts(rss(entry_), "item/dc:rights") == [words]
    rights = one(atom(entry_), "a:entry/a:rights")
    assert (rights.text, rights.get("type")) == (words, None)
    (item,) = json_feed(entry_)["items"]
    assert item["_kanliu"]["notice"]["text"] == words


def test_line_17_words_that_the_operators_grant_rests_on_follow_the_pages_own() -> None:
    letter = "编辑部来信，2026年1月：欢迎转载。"
    granted = source(rights=Rights(notice="free-attribution", text=letter))
    reserved = notice(NoticeClass.RESERVED, text="版权所有 河港")
    for entry_, said in (
        (archived(notice=None), letter),
        (archived(notice=reserved), f"版权所有 河港\n{letter}"),
        # The page says it itself: the letter is not needed.
        (archived(), notice().text),
    ):
        assert texts(rss(entry_, of=granted), "item/dc:rights") == [said]
        (full,) = texts(rss(entry_, of=granted), "item/content:encoded")
        assert said.replace("\n", "<br>") in (full or "")
    taken_down = archived(notice=None, state=EntryState.WITHDRAWN)
    assert not texts(rss(taken_down, of=granted), "item/dc:rights")


@pytest.mark.parametrize(
    ("given", "encoded"),
    [
        ("https://a.example/1.html?b=c&d=%20#e", "https://a.example/1.html?b=c&d=%20#e"),
        ("https://a.example/第 1 期.html", "https://a.example/%E7%AC%AC%201%20%E6%9C%9F.html"),
        ("https://河港.example/", "https://xn--ovwq5a.example/"),
        ('https://a.example/"x"', "https://a.example/%22x%22"),
    ],
)
def test_line_21_addresses_are_percent_encoded_once(given: str, encoded: str) -> None:
    assert percent_encode(given) == encoded


def test_an_excerpt_ends_with_a_sentence_or_says_that_it_does_not() -> None:
    assert excerpt("短。", 10) == "短。"
    assert excerpt("一二三四五六。七八九十", 10) == "一二三四五六。"
    assert excerpt("一二三。四五六七八九十一", 10) == "一二三。四五六七八…"
    assert excerpt("一\n 二", 10) == "一 二"


def test_an_entry_of_another_language_says_so() -> None:
    english = archived(language="en")
    assert texts(rss(english), "item/dc:language") == ["en"]
    (tree,) = atom(english).iterfind("{*}entry")
    assert tree.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert not texts(rss(archived(language="zh-CN")), "item/dc:language")


def test_a_factory_entry_is_complete() -> None:
    """What the tests above leave out, they leave out on purpose."""
    assert all((entry().title, entry().published, entry().notice, entry().html, entry().summary))
