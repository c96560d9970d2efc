"""Titles: one row a way in which they are printed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalise.title import is_generic, normalise_title, strip_suffix
from foundation.text import fold

MARKED: list[tuple[str, str, dict[str, Any]]] = [
    # retracted
    ("【撤稿】论渡口的灯火", "论渡口的灯火", {"is_retracted": True}),
    ("撤稿：论渡口的灯火", "论渡口的灯火", {"is_retracted": True}),
    ("RETRACTED: On ferry lights", "On ferry lights", {"is_retracted": True}),
    ("[Retracted] On ferry lights", "On ferry lights", {"is_retracted": True}),
    ("Retracted Article: On ferry lights", "On ferry lights", {"is_retracted": True}),  # RSC
    ("Retraction Note to: On ferry lights", "On ferry lights", {"is_retracted": True}),  # Springer
    ("On lights (Retracted article. See vol. 3, p. 4)", "On lights", {"is_retracted": True}),
    ("Retraction of the tongue in speech", "Retraction of the tongue in speech", {}),
    ("撤稿制度研究", "撤稿制度研究", {}),
    # how far publication has come
    ("渡口研究（网络首发）", "渡口研究", {"status": "online-first"}),
    ("[优先出版]渡口研究", "渡口研究", {"status": "online-first"}),
    ("渡口研究（录用定稿）", "渡口研究", {"status": "accepted"}),
    ("Ferry lights [Preprint]", "Ferry lights", {"status": "preprint"}),
    # kinds
    ("[转载]渡口的灯火", "渡口的灯火", {"kinds": ("reprint",)}),
    ("转载：渡口的灯火", "渡口的灯火", {"kinds": ("reprint",)}),
    ("渡口的灯火（转）", "渡口的灯火", {"kinds": ("reprint",)}),
    ("【原创】渡口的灯火", "渡口的灯火", {"kinds": ("original",)}),
    ("独家｜渡口的灯火", "渡口的灯火", {"kinds": ("exclusive",)}),
    ("【独家】[编译] 渡口的灯火", "渡口的灯火", {"kinds": ("exclusive", "compiled")}),
    ("独家专访摆渡人", "独家专访摆渡人", {}),
    ("翻译：理论与实践", "翻译：理论与实践", {}),
    ("【原创】", "【原创】", {}),
    # noise
    ("低温防护研究 *", "低温防护研究", {}),  # fragment F06
    ("渡口研究＊※", "渡口研究", {}),
    ("渡口研究[注]", "渡口研究", {}),
    ("Path planning with A*", "Path planning with A*", {}),
    ("渡口的灯火（页 1）", "渡口的灯火", {}),
    ("渡口的灯火(第2页)", "渡口的灯火", {}),
    ("[置顶]渡口的灯火", "渡口的灯火", {}),
    ("标题：渡口的灯火", "渡口的灯火", {}),
    ("标题党渡口", "标题党渡口", {}),
    # what stays
    ("小两口尝试以钱生钱(图)", "小两口尝试以钱生钱(图)", {}),
    ("投身外交(3)", "投身外交(3)", {}),
    ("10.新生活", "10.新生活", {}),
    ("谁来为拆房“埋单”？ABC①²", "谁来为拆房“埋单”？ABC①²", {}),
    ("中美-贸易", "中美-贸易", {}),
    ("图说洛阳| 春天", "图说洛阳| 春天", {}),
    ("【稳健前行】扩大内需", "【稳健前行】扩大内需", {}),
    # space, tags
    ("  关 于\n音　乐 ", "关于音乐", {}),
    ("AI 与 渡口", "AI 与渡口", {}),
    ("影响因子\n——揭开面纱", "影响因子——揭开面纱", {}),
    ("CO<sub>2</sub> and x<sup>2</sup> of <i>Homo</i>", "CO₂ and x² of Homo", {}),
    ("防护研究<sup></sup>", "防护研究", {}),  # fragment F06
    ("x<sup>abc</sup><br/>y <b>", "xabc y <b>", {}),
    ("<b><i>x</i></b>", "x", {}),
]


@pytest.mark.parametrize(("printed", "text", "says"), MARKED)
def test_marks_move_out_of_the_title_and_say_what_they_say(
    printed: str, text: str, says: dict[str, Any]
) -> None:
    title = normalise_title(printed)
    plain = {"kinds": (), "status": None, "is_retracted": False}
    assert {name: getattr(title, name) for name in plain} == plain | says
    assert (title.text, title.raw) == (text, printed)


KNOWN: list[tuple[str, str, dict[str, Any]]] = [
    ("渡口的灯火_河港", "渡口的灯火", {"journal": "河港"}),
    ("渡口的灯火 - 《河港》", "渡口的灯火", {"journal": "河港"}),
    ("渡口的灯火－河港", "渡口的灯火－河港", {}),
    ("渡口的灯火 - 评论 - 河港網", "渡口的灯火 - 评论", {"host_names": ("河港网",)}),
    ("Ferry lights | River Port", "Ferry lights", {"journal": "River Port"}),
    ("Ferry lights :: riverport.example", "Ferry lights", {"host_names": ("riverport.example",)}),
    ("渡口的灯火-散文-河港", "渡口的灯火", {"suffixes": ("-散文-河港",)}),
    ("-散文-河港", "-散文-河港", {"suffixes": ("-散文-河港",)}),
    ("河港", "河港", {"journal": "河港"}),
    ("_河港", "_河港", {"journal": "河港"}),
    ("【评论】渡口的灯火", "渡口的灯火", {"columns": ("评论",)}),
    ("评论 | 渡口的灯火", "渡口的灯火", {"columns": ("评论",)}),
    ("【评论】", "【评论】", {"columns": ("评论",)}),
    ("【散文】渡口的灯火", "【散文】渡口的灯火", {"columns": ("评论",)}),
    # aisixiang.com, fragment F11
    ("林渡 苏航:影响因子", "影响因子", {"authors": ("林渡", "苏航")}),
    (
        "Ada River and Bo Port: Ferry lights",
        "Ferry lights",
        {"authors": ("Ada River", "Bo Port", "")},
    ),
    ("林渡：渡口的灯火", "林渡：渡口的灯火", {"authors": ("苏航",)}),
    ("外交部：渡口开放", "外交部：渡口开放", {"authors": ("林渡",)}),
    ("林渡：", "林渡：", {"authors": ("林渡",)}),
    ("And: a ferry", "And: a ferry", {"authors": ("Ada River",)}),
]


@pytest.mark.parametrize(("printed", "text", "known"), KNOWN)
def test_only_what_is_known_is_cut(printed: str, text: str, known: dict[str, Any]) -> None:
    assert normalise_title(printed, **known).text == text


def test_a_column_in_the_title_is_told() -> None:
    assert normalise_title("【評論】渡口", columns=("评论",)).column == "评论"


def test_a_text_too_long_for_a_title_is_left_as_it_is() -> None:
    text = "渡口_" * 700 + "河港"
    assert normalise_title(text, journal="河港").text == text


def test_a_suffix_needs_a_separator_and_something_before_it() -> None:
    assert strip_suffix("在河港", names=("河港",)) == "在河港"
    assert strip_suffix("渡口", suffixes=("",)) == "渡口"


@pytest.mark.parametrize(
    "text", ["首页", " 首 頁 ", "Untitled Document", "PDF", "", "—", "《河港》"]
)
def test_names_of_pages_and_of_the_journal_are_no_titles(text: str) -> None:
    assert is_generic(text, names=("河港",))


def test_a_title_that_holds_such_a_word_is_one() -> None:
    assert not is_generic("首页设计研究", names=("河港",))


TITLELIKE = st.lists(
    st.one_of(
        st.sampled_from([*"渡口灯火 *|_-—：:[]【】()（）1", "[转载]", "【撤稿】", "河港", "林渡"]),
        st.sampled_from(["RETRACTED:", "<sup>", "</sup>", "<br>", "(页 1)", "（网络首发）", "——"]),
        st.text(max_size=2),
    ),
    max_size=10,
).map("".join)


@given(TITLELIKE)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    known: dict[str, Any] = {
        "journal": "河港",
        "authors": ("林渡",),
        "columns": ("渡",),
        "suffixes": ("-火",),
    }
    title = normalise_title(text, **known)
    assert title.raw == text
    assert normalise_title(title.text, **known).text == title.text


@given(TITLELIKE)
def test_letters_and_digits_are_never_added(text: str) -> None:
    assert set(fold(normalise_title(text).text)) <= set(fold(text))
