from __future__ import annotations

import pytest

from archive.model import NoticeClass
from foundation.settings import Settings
from sources.model import Rights
from tests.factories import archived, notice, source
from web.notices import notice_view
from web.words import Words

WORDS = Words(language="zh-CN")
SETTINGS = Settings()


@pytest.mark.parametrize(
    ("class_", "label", "carries"),
    [
        (NoticeClass.OPEN_LICENSE, "开放许可", "全文"),
        (NoticeClass.FREE_ATTRIBUTION, "注明来源即可转载", "全文"),
        (NoticeClass.NC_ATTRIBUTION, "非商业可转载", "摘要"),
        (NoticeClass.PERMISSION, "转载须经同意", "摘要"),
        (NoticeClass.FORBIDDEN, "禁止转载", "标题"),
        (NoticeClass.RESERVED, "保留权利", "摘要"),
    ],
)
def test_a_notice_says_what_it_permits_and_what_the_feeds_carry(
    class_: NoticeClass, label: str, carries: str
) -> None:
    view = notice_view([archived(notice=notice(class_))], source(), SETTINGS, WORDS)
    assert view is not None
    assert view.label == label
    assert carries in view.carries


def test_the_words_are_those_of_the_newest_article_that_says_what_most_say() -> None:
    entries = [
        archived(1, notice=notice(NoticeClass.THIRD_PARTY, text="转载自别处")),
        archived(2, notice=notice(text="欢迎转载，注明出处。")),
        archived(3, notice=notice(text="更早的说法。")),
    ]
    view = notice_view(entries, source(), SETTINGS, WORDS)
    assert view is not None
    assert (view.text, view.varies) == ("欢迎转载，注明出处。", True)
    assert view.obligations == ("注明来源",)


def test_silence_is_shown_as_silence() -> None:
    view = notice_view([archived(notice=None)], source(), SETTINGS, WORDS)
    assert view is not None
    assert (view.class_, view.text) == (NoticeClass.NONE, None)


def test_the_operators_word_counts_where_the_page_is_silent() -> None:
    rights = Rights(notice="free-attribution", text="编辑部来信同意转载。")
    view = notice_view([archived(notice=None)], source(rights=rights), SETTINGS, WORDS)
    assert view is not None
    assert (view.is_operators, view.text) == (True, "编辑部来信同意转载。")


def test_before_the_first_article_there_is_nothing_to_say() -> None:
    assert notice_view([], source(), SETTINGS, WORDS) is None


def test_a_licence_is_linked_only_when_its_address_is_one() -> None:
    bad = notice(NoticeClass.OPEN_LICENSE, license_url="javascript:alert(1)")
    view = notice_view([archived(notice=bad)], source(), SETTINGS, WORDS)
    assert view is not None
    assert view.license_url is None
