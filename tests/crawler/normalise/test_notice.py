"""Reprint notices: what a text says on re-publishing, and which of a page's notices holds."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import Found, NoticeClass, ReprintNotice
from crawler.normalise.notice import ELSEWHERE, NOTICE_HINT, choose, classify, find_notices
from crawler.normalise.notice_rules import BARE_LICENSE, NO_RULE, RULES
from crawler.normalise.notice_sign import BESIDES
from crawler.normalise.notice_words import LANGUAGES
from tests.crawler.normalise.notice_wordings import WORDINGS

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"

ROWS = [(class_, text) for (class_, _), texts in WORDINGS.items() for text in texts]
GIVING = ("open-license", "free", "free-attribution")


@pytest.mark.parametrize(("class_", "text"), ROWS, ids=[text[:40] for _, text in ROWS])
def test_a_wording_gets_its_class(class_: str, text: str) -> None:
    assert classify(text).class_ == class_


@pytest.mark.parametrize("text", [text for class_, text in ROWS if class_ != "none"])
def test_the_cheap_test_lets_every_notice_through(text: str) -> None:
    assert NOTICE_HINT.search(text)


def test_the_cheap_test_stops_ordinary_lines() -> None:
    lines = ("春天来了，园子里的花都开了。", "The committee met on Tuesday to discuss it.", "")
    assert not any(NOTICE_HINT.search(line) for line in lines)


@pytest.mark.parametrize(
    ("text", "obligations"),
    [
        ("转载请注明作者和出处，并附上原文链接。", ("source", "author", "link")),
        ("转载须注明出处并保留本声明，不得修改原文。", ("source", "notice", "nochange")),
        (
            "未经书面许可，不得转载、摘编或建立镜像。",
            ("noexcerpt", "permission-written", "nomirror"),
        ),
        ("未经本刊授权，不得转载、链接。", ("permission", "nolink")),
        ("如需转载，请联系编辑部。", ("notify", "permission")),
        ("转载请告知并注明出处。", ("source", "notify")),
        ("网络转载请注明来源，谢绝纸质媒体转载。", ("source", "noprint")),
        ("非商业转载请注明出处，不得用于商业用途。", ("source", "noncommercial")),
        ("非商业转载请注明出处，商业转载请联系本刊。", ("source", "permission-commercial")),
        ("本文采用 CC BY-NC-SA 4.0 协议。", ("source", "noncommercial", "sharealike")),
        ("本文采用 CC BY-ND 4.0 协议，转载请保留链接。", ("source", "link", "nochange")),
        ("转载请注明出处，不得用于人工智能模型训练。", ("source", "noai")),
        ("本刊所有内容不得用于人工智能生成模型训练", ("noai",)),
        ("谢绝转载", ()),
        ("版权所有", ()),
        ("本文转载自某某网，转载请注明出处。", ()),
        ("No part may be copied without written permission.", ("permission-written",)),
        ("무단전재 및 재배포, AI 학습 이용 금지", ("permission", "noai")),
    ],
)
def test_a_wording_gets_its_obligations(text: str, obligations: tuple[str, ...]) -> None:
    assert classify(text).obligations == obligations


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("本文为原创文章，转载请注明出处。", ("original",)),
        ("本文由某某编辑部整理发布，如需转载，请注明来源。", ("compiled",)),
        ("部分文章为原创，部分转载自网络，版权归原作者所有。", ("original", "reprint", "mixed")),
        ("独家稿件，未经授权不得转载。", ("exclusive",)),
        ("本文译自某某网站，译者：某某", ("reprint", "translation")),
        ("如有侵权，请联系删除。", ("not-a-notice", "takedown")),
        ("来稿一经录用，即视为授权本刊使用。", ("not-a-notice", "author-agreement")),
        ("Press release. Please credit the source when reposting this article.", ("press",)),
        ("今天天气很好。", ("not-a-notice",)),
    ],
)
def test_a_wording_tells_how_the_article_was_made(text: str, kinds: tuple[str, ...]) -> None:
    assert classify(text).kinds == kinds


def test_a_licence_carries_its_id_and_address() -> None:
    notice = classify("除特别声明外，本站内容采用知识共享署名-相同方式共享 4.0 国际许可协议。")
    assert notice.license == "CC-BY-SA-4.0"
    assert notice.license_url == "https://creativecommons.org/licenses/by-sa/4.0/"


def test_a_reprint_carries_its_origin_and_no_licence() -> None:
    notice = classify(
        "Republished from The Conversation under a CC BY-ND 4.0 license: https://example.com/a1."
    )
    assert notice.class_ is NoticeClass.THIRD_PARTY
    assert notice.origin is not None
    assert (notice.origin.name, notice.origin.url) == ("Conversation", "https://example.com/a1")
    assert notice.license is None


def test_a_notice_carries_holder_and_contact() -> None:
    notice = classify("版权归某某杂志社所有，转载请联系 bianji@example.com。")
    assert (notice.holder, notice.contact) == ("某某杂志社", "bianji@example.com")


def test_what_is_no_notice_carries_nothing() -> None:
    notice = classify("如有问题请联系 bianji@example.com。")
    assert notice.class_ is NoticeClass.NONE
    assert (notice.holder, notice.contact, notice.origin, notice.license) == (None,) * 4


def test_a_source_line_that_names_the_journal_itself_makes_no_reprint() -> None:
    assert classify("来源：某某日报").class_ is NoticeClass.THIRD_PARTY
    assert classify("来源：某某日报", outlets=("《某某日报》",)).class_ is NoticeClass.NONE
    assert classify("本文来自某某网", outlets=("某某网",)).class_ is NoticeClass.NONE
    assert classify("来源：本站原创").class_ is NoticeClass.NONE


def test_japanese_without_kana_is_read_as_japanese() -> None:
    assert classify("無断複製禁止", language="ja").class_ is NoticeClass.PERMISSION


def test_of_a_long_text_only_the_sentences_that_matter_are_read() -> None:
    filler = "这一年，园子里的花开得格外好，来的人也多。" * 60
    text = f"{filler}转载请注明出处。{filler}"
    notice = classify(text)
    assert notice.class_ is NoticeClass.FREE_ATTRIBUTION
    assert notice.text == text


@pytest.mark.parametrize(
    ("article_source", "chosen"),
    [
        ("某某网", "asks first"),
        ("某某网-文化频道", "asks first"),
        ("别处日报", "from elsewhere"),
        (None, "asks first"),
    ],
)
def test_a_notice_for_some_articles_holds_for_those_only(
    article_source: str | None, chosen: str
) -> None:
    """READING.md §5, rule 3."""
    raw = [
        Found(text="凡本网注明“来源：某某网”的作品，未经授权不得转载。", where="footer"),
        Found(text="凡本网注明“来源：XXX（非某某网）”的作品，均转载自其他媒体。", where="footer"),
    ]
    notices = find_notices(raw, source_name=article_source, journal="某某网")
    assert len(notices) == 2
    best = choose(notices)
    assert best is not None
    assert best.rule.replace("itself a reprint", "from elsewhere") == chosen


def test_a_notice_for_named_articles_holds_also_where_the_journal_is_not_known() -> None:
    raw = [Found(text="凡本刊注明“来源：某某刊”的文章，转载请注明出处。", where="footer")]
    assert ELSEWHERE not in find_notices(raw, source_name="某某刊")[0].kinds
    assert ELSEWHERE in find_notices(raw, source_name="别刊")[0].kinds
    assert ELSEWHERE not in find_notices(raw)[0].kinds


def test_a_reprint_never_inherits_the_licence_of_the_site() -> None:
    raw = [
        Found(text="本站内容采用 CC BY 4.0 许可协议。", where="footer"),
        Found(text="© 2020 某某网", where="footer"),
    ]
    own = choose(find_notices(raw, source_name="某某网", journal="某某网"))
    other = choose(find_notices(raw, source_name="别处日报", journal="某某网"))
    assert own is not None
    assert own.class_ is NoticeClass.OPEN_LICENSE
    assert other is not None
    assert other.class_ is NoticeClass.RESERVED


def test_notices_keep_order_place_and_words_and_come_once() -> None:
    raw = [
        Found(text="今天天气很好。", where="article 3"),
        Found(text="转载请注明出处。", where="article 9"),
        Found(text="版权所有 某某杂志社。", where="footer"),
        Found(text="转载请注明出处。", where="footer"),
    ]
    notices = find_notices(raw)
    assert [(notice.text, notice.where) for notice in notices] == [
        ("转载请注明出处。", "article 9"),
        ("版权所有 某某杂志社。", "footer"),
    ]


@pytest.mark.parametrize(
    ("halves", "texts", "class_"),
    [
        (("未经授权", "不得转载"), ["未经授权\n不得转载"], "permission"),
        (
            ("No reproduction or republication", "without written permission."),
            ["No reproduction or republication\nwithout written permission."],
            "permission",
        ),
        (("谢绝转载。", "未经授权"), ["谢绝转载。"], "forbidden"),
        (("版权所有", "谢绝转载"), ["版权所有", "谢绝转载"], "reserved"),
    ],
)
def test_the_halves_of_a_sentence_are_joined(
    halves: tuple[str, str], texts: list[str], class_: str
) -> None:
    notices = find_notices([Found(text=half, where="footer") for half in halves])
    assert [notice.text for notice in notices] == texts
    assert notices[0].class_ == class_


def test_a_page_without_strings_has_no_notice() -> None:
    assert find_notices([]) == ()


def test_halves_at_two_places_stay_apart() -> None:
    raw = [Found(text="未经授权", where="article"), Found(text="不得转载", where="footer")]
    assert [notice.class_ for notice in find_notices(raw)] == [NoticeClass.FORBIDDEN]


def notice(
    class_: str, where: str, *, rule: str = "", kinds: tuple[str, ...] = ()
) -> ReprintNotice:
    return ReprintNotice(
        class_=NoticeClass(class_), text=f"{class_} {where}", where=where, rule=rule, kinds=kinds
    )


@pytest.mark.parametrize(
    ("notices", "best"),
    [
        # The nearest wins.
        ([notice("permission", "footer"), notice("free-attribution", "article end")], 1),
        ([notice("free", "column"), notice("forbidden", "template")], 1),
        ([notice("free", "somewhere"), notice("free", "column")], 1),
        # At one place the stricter wins.
        ([notice("free-attribution", "article"), notice("permission", "article")], 1),
        ([notice("open-license", "meta[name=rights]"), notice("permission", "template")], 1),
        ([notice("third-party", "article"), notice("open-license", "article")], 0),
        # A copyright line gives way …
        ([notice("reserved", "article"), notice("permission", "footer")], 1),
        ([notice("reserved", "footer"), notice("free-attribution", "footer")], 1),
        ([notice("reserved", "footer"), notice("free", "article")], 1),
        ([notice("reserved", "footer")], 0),
        # … but nothing from farther off gives away what it reserves.
        ([notice("reserved", "article"), notice("open-license", "footer")], 0),
        # What does not speak of this article, or is some picture's licence, is not heard.
        ([notice("free", "article", kinds=(ELSEWHERE,)), notice("reserved", "footer")], 1),
        ([notice("open-license", "article", rule=BARE_LICENSE)], None),
        ([notice("open-license", "link[rel=license]", rule=BARE_LICENSE)], 0),
        ([notice("open-license", "meta[name=dc.rights]", rule=BARE_LICENSE)], 0),
        ([], None),
    ],
)
def test_the_notice_that_holds_is_chosen(notices: list[ReprintNotice], best: int | None) -> None:
    assert choose(notices) == (None if best is None else notices[best])


def test_every_rule_is_named_once_and_can_hold() -> None:
    names = [rule.name for rule in (*RULES, NO_RULE)]
    assert len(set(names)) == len(names)
    assert all(rule.holds(need) for rule in RULES for need in rule.needs)


def test_no_rule_hangs_on_what_a_notice_says_besides() -> None:
    assert not [rule.name for rule in RULES if any(need <= BESIDES for need in rule.needs)]


def test_every_wording_of_every_language_compiles() -> None:
    for words in LANGUAGES:
        hidden, _ = words.hide("text")
        assert hidden == "text"
        assert list(words.find("text")) == []
        assert list(words.find("text", besides=True)) == []


@given(st.text())
def test_any_text_is_read_without_an_error_and_kept_verbatim(text: str) -> None:
    notice = classify(text)
    assert notice.text == text
    assert classify(text) == notice


@given(st.lists(st.sampled_from([text for _, text in ROWS]), min_size=1, max_size=3))
def test_any_notices_side_by_side_are_found_and_chosen_from(texts: list[str]) -> None:
    notices = find_notices([Found(text=text, where="article") for text in texts])
    best = choose(notices)
    assert best is None or best in notices


@pytest.mark.parametrize(
    ("languages", "prohibition"),
    [("zh", "未经许可，不得转载。"), ("en", "Reproduction without permission is prohibited. ")],
)
def test_a_prohibition_beside_it_takes_back_any_leave(languages: str, prohibition: str) -> None:
    texts = [
        t for (class_, where), ts in WORDINGS.items() if where.startswith(languages) for t in ts
    ]
    given_away = [text for text in texts if classify(prohibition + text).class_ in GIVING]
    assert given_away == []


def _read_corpus(name: str) -> list[dict[str, object]]:
    file = CORPUS / name
    if not file.exists():
        pytest.skip(f"{file} is absent")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "floor"), [("notice_wordings.jsonl", 1.0), ("page_notices.jsonl", 0.995)]
)
def test_known_wordings_are_read_right(name: str, floor: float) -> None:
    rows = _read_corpus(name)
    right = 0
    told: Counter[str] = Counter()
    for row in rows:
        own = [str(row["origin"])] if "its own outlet" in str(row.get("note")) else []
        expected = str(row["class"]).replace("not-a-notice", "none")
        got = classify(str(row["text"]), language=str(row["lang"]), outlets=own).class_
        right += got == expected
        told[f"{got} for {expected}"] += got != expected
    assert right / len(rows) >= floor, told
    assert not [wrong for wrong, count in told.items() if count and wrong.startswith(GIVING)]


@pytest.mark.corpus
def test_known_obligations_are_read_right() -> None:
    rows = [row for row in _read_corpus("notice_wordings.jsonl") if row["class"] != "not-a-notice"]
    right = [set(classify(str(r["text"])).obligations) == set(r["obligations"]) for r in rows]  # type: ignore[call-overload]
    assert sum(right) / len(rows) >= 0.98
