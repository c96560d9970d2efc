"""The names in a notice: first publisher, holder, contact, condition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalise.notice_parts import (
    Condition,
    find_condition,
    find_contact,
    find_holder,
    find_origin,
    find_source_line,
    has_source_line,
    is_same_name,
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("转载自《某某评论》2015年第2期", "某某评论"),
        ("本文来源：某某日报", "某某日报"),
        ("（转自某某网）", "某某网"),
        ("轉載自「某某週刊」", "某某週刊"),
        ("2021-02-03 10:00 来源：某某网 编辑：某某", "某某网"),
        ("来源 | 某某网 参与互动", "某某网"),
        ("This article was originally published in The Example Review.", "Example Review"),
        ("Excerpted from “A Book of Examples.”", "A Book of Examples"),
        ("Republished from Example News under CC BY.", "Example News"),
        ("転載元：某某新聞", "某某新聞"),
        ("来源：某某网浏览：12字号：大中小", "某某网"),
        ("2021-02-03 10:00 来源：某某报举报", "某某报"),
        ("转载来源：某某网", "某某网"),
        ("原文刊登于《某某评论》2020年第2期", "某某评论"),
    ],
)
def test_the_first_publisher_is_named(text: str, name: str) -> None:
    origin = find_origin(text)
    assert origin is not None
    assert origin.name == name


def test_an_address_alone_is_an_origin_too() -> None:
    origin = find_origin("原文：https://example.com/a/1.")
    assert origin is not None
    assert (origin.name, origin.url) == (None, "https://example.com/a/1")


@pytest.mark.parametrize(
    "text",
    [
        "转载请注明出处",
        "来源：网络",
        "来源：本刊",
        "转自：",
        "",
        "2021-02-03 10:21 来源： 评论：0 点击：12",
        "来源：局工程管理科",
        "来源：区文物管理所",
    ],
)
def test_where_nobody_is_named_there_is_no_origin(text: str) -> None:
    assert find_origin(text) is None


@pytest.mark.parametrize(
    ("text", "is_line", "name"),
    [
        ("来源：某某网", True, "某某网"),
        ("来 源：某某网", True, "某某网"),
        ("来源：网络", True, None),
        ("来源：本站原创", False, None),
        ("来源：本馆", False, None),
        ("来源：编辑部 更新时间：2010-5-17", False, None),
        ("信息来源：局宣传科浏览：-字号：大中小", False, None),
        ("来源：党委宣传部", False, None),
        ("来源：科技部", True, "科技部"),
        ("来源：某某市教育局", True, "某某市教育局"),
        ("来源：未知 作者：admin", False, None),
        ('来源： size="20" 发布日期：', False, None),
        ("转载请注明来源：某某网", False, None),
        ("事情的来源：有人说", False, None),
        ("没有", False, None),
    ],
)
def test_a_source_line_stands_alone(text: str, is_line: bool, name: str | None) -> None:
    assert has_source_line(text) is is_line
    assert find_source_line(text) == name


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("邮箱：bianji@example.com", "bianji@example.com"),
        ("联系 bianji#example.com（#换成@）", "bianji#example.com"),
        ("电话：010-12345678", "010-12345678"),
        ("手机 13800000000", "13800000000"),
        ("热线 400-123-4567", "400-123-4567"),
        ("加微信：mou_mou123", "微信：mou_mou123"),
        ("QQ: 12345678", "QQ: 12345678"),
        ("© 2004-2008", None),
        ("京ICP备20027467号-1", None),
    ],
)
def test_a_contact_is_found(text: str, contact: str | None) -> None:
    assert find_contact(text) == contact


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("版权归某某杂志社所有", "某某杂志社"),
        ("版权所有：某某网", "某某网"),
        ("某某公司版权所有", "某某公司"),
        ("著作權屬於某某出版社所有", "某某出版社"),
        ("© 2010-2022 Example Media Ltd. All rights reserved.", "Example Media Ltd"),
        ("Copyright © 2020 Example", "Example"),
        ("版权所有", None),
        ("© 2020", None),
    ],
)
def test_a_holder_is_found(text: str, holder: str | None) -> None:
    assert find_holder(text) == holder


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("凡本网注明“来源：某某网”的作品", Condition(name="某某网", is_other=False)),
        ("凡本刊注明来源为某某刊的文章", Condition(name="某某刊", is_other=False)),
        ("凡本网注明“来源：XXX”的稿件", Condition(name=None, is_other=True)),
        ("凡本网注明来源非某某网的作品", Condition(name="某某网", is_other=True)),
        ("凡本网注明“来源：XXX（非某某网）”的作品", Condition(name=None, is_other=True)),
        ("凡本网注明转载自其他媒体的作品", Condition(name=None, is_other=True)),
        ("凡转载本刊文章，请注明出处", None),
        ("转载请注明来源", None),
    ],
)
def test_a_condition_says_for_which_articles_a_notice_holds(
    text: str, condition: Condition | None
) -> None:
    assert find_condition(text) == condition


@pytest.mark.parametrize(
    ("name", "others", "same"),
    [
        ("某某网-文化频道", ("某某网",), True),
        ("《某某日報》", ("某某日报",), True),
        ("别处日报", ("某某日报",), False),
        ("某某网", ("", "网"), False),
        ("某某网", (), False),
    ],
)
def test_outlets_are_compared_by_their_names(
    name: str, others: tuple[str, ...], same: bool
) -> None:
    assert is_same_name(name, others) is same


@given(st.text())
def test_no_text_makes_the_finders_stumble(text: str) -> None:
    find_contact(text)
    find_holder(text)
    find_condition(text)
    origin = find_origin(text)
    assert origin is None or origin.name or origin.url
