"""Copies of articles as other sites print them, and articles that are no copies. All our own."""

from __future__ import annotations

import random
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from opencc import OpenCC

if TYPE_CHECKING:
    from collections.abc import Callable

PAGES = Path(__file__).parents[2] / "demo" / "pages"
FOOTER = "\n（责任编辑：周行）本文来自读者来稿，图片由作者提供，有疑问请与编辑部联系。"
ADDED = """
入冬以后，镇上的夜市缩短了一个钟头，摊主们把炉子往背风处挪。卖烤红薯的老人说，天冷反而好做生意，只是手要戴两层手套。
隔壁修鞋的摊子前总围着几个孩子，等他把旧轮胎剪成陀螺。他不收钱，只要求孩子们把地上的橡胶屑扫干净再走。
十点刚过，路灯一盏一盏暗下去，最后亮着的是桥头的药店。值班的姑娘趴在柜台上写信，收信人的名字每天都不一样。
雪真正落下来是在腊月，河面结了薄冰，渡船停了，人们从铁桥上绕过去，一路上说的都是谁家今年杀了猪、谁家的儿子回来了。
"""


@cache
def texts() -> tuple[str, ...]:
    """The bodies of the sample journals' articles that are long enough to be compared."""
    found = []
    for file in sorted(PAGES.glob("*/articles.toml")):
        for article in tomllib.loads(file.read_text("utf-8"))["article"]:
            text = str(article.get("text") or article.get("abstract") or "").strip()
            if len(text) > 250:
                found.append(text)
    return tuple(found)


def chinese() -> tuple[str, ...]:
    return tuple(text for text in texts() if not text[:40].isascii())


def _changed(text: str) -> str:
    """Every twentieth word another one."""
    chance = random.Random(5)
    signs = list(text)
    for at in range(0, len(signs) - 1, 40):
        place = at + chance.randrange(min(38, len(signs) - at - 1))
        signs[place : place + 2] = chance.sample("云川临水纸墨舟灯桥渡", 2)
    return "".join(signs)


def _dropped(text: str) -> str:
    start = len(text) // 2
    return text[:start] + text[start + len(text) // 10 :]


def _added(text: str) -> str:
    return text + (ADDED * 9)[: len(text) * 2 // 5]


COPIES: dict[str, Callable[[str], str]] = {
    "footer": lambda text: text + FOOTER,
    "punctuation": lambda text: text.translate(str.maketrans("，。：；！？“”", ',.:;!?""')),
    "layout": lambda text: "\u3000\u3000" + text.replace("\n", "\n\n\u3000\u3000"),
    "script": lambda text: OpenCC("s2t").convert(text),
    "a tenth dropped": _dropped,
    "a twentieth changed": _changed,
    "half only": lambda text: text[: len(text) // 2],
    "two fifths added": _added,
}


def invented(number: int, *, length: int = 1200) -> str:
    """A text of sentences that no other number has, from the words of all sample articles."""
    chance = random.Random(number)
    clauses = [
        clause.strip()
        for text in chinese()
        for clause in text.replace("\n", "，").replace("。", "，").split("，")
        if 3 < len(clause.strip()) < 25
    ]
    words = [clause[at : at + 2] for clause in clauses for at in range(0, len(clause) - 1, 2)]
    written = ""
    while len(written) < length:
        written += "".join(chance.choice(words) for _ in range(chance.randint(3, 7))) + "，"
    return written
