"""Text that may leave the reader, and keys to compare texts by. Pure; knows nothing of HTML.

`clean` is what every string passes once on its way in: NFC, LF, and no character that breaks
XML 1.0 or turns the reading direction of a title. NFKC is for keys only: on a shown title it
would break ①, ² and the full-width ？！.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

# What XML 1.0 refuses (C0 but tab and LF, surrogates, noncharacters) and what we refuse besides
# (DEL and C1, bidi embeddings, overrides and isolates, the inner byte order mark).
# Two expressions: with the ends of the higher planes in it, the first one takes seven times as
# long, and hardly a page has a character beyond the first plane.
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
_PLANE_ENDS = "".join(chr(plane << 16 | end) for plane in range(1, 17) for end in (0xFFFE, 0xFFFF))
_REFUSED_BEYOND = re.compile(f"[{_PLANE_ENDS}]")
_BEYOND = re.compile("[\U00010000-\U0010ffff]")
# White space that `str.isprintable` minds and we do not.
_BLANKS = ("\n", "\t", "\u3000", "\xa0")

# Ranges for character classes. The middle dot ・ and the long mark ー (U+30FB, U+30FC) are left
# out of kana: Chinese texts use both in foreign names.
_HAN = "々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fd-\u30ff\u31f0-\u31ff\uff66-\uff9d"
_HANGUL = "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3"
# Common Japanese forms that are in neither GB 2312 nor Big5: 転載禁止 has no kana, and is Japanese.
_SHINJITAI = (
    "亜悪圧囲壱栄営駅円塩応仮価絵拡覚楽巻観関帰気戯犠拠挙駆恵経継軽撃剣圏検権県険顕験厳効広鉱"
    "砕済斎剤雑賛歯児実収渋従縦獣処奨焼渉乗剰浄畳譲醸粋図斉摂絶専戦繊銭捜挿掻総荘騒増臓続"
    "駄対滝択沢単団弾遅鋳庁徴聴鉄転闘働徳読弐悩脳覇廃拝売発髪抜姫払仏辺変舗満薬訳揺様謡頼"
    "覧竜両猟緑塁涙霊齢暦錬労録"
)

#: For a character class: what is written without spaces, or, as hangul is, in words that change
#: their ends. The long mark too, where kana is.
CJK_LETTERS = f"{_HAN}{_KANA}{_HANGUL}ー"

_HAS_HAN = re.compile(f"[{_HAN}]")
_FOREIGN = re.compile(f"[{_KANA}{_HANGUL}{_SHINJITAI}]")
# Hangul is written with spaces between words, so it is not among these.
_CJK = f"{_HAN}{_KANA}・ー\u3001-\u3003\u3008-\u3020\uff01-\uff65"
_CJK_GAP = re.compile(rf"(?<=[{_CJK}])\s+(?=[{_CJK}])")

# One kana among twenty Han is a name quoted in a Chinese text; Japanese prose has one in two or
# three, and the shortest notices (無断転載を禁じます) two in six.
_HAN_FOR_ONE_FOREIGN = 20

_WIDE_SIGNS = tuple(zip("，：；！？（）\u3000…", ",:;!?() .", strict=True))

_NOT_A_LETTER = re.compile(r"[\W_]+")
_LETTERS = re.compile(r"[^\W_]+")
# Han characters up to the second plane's: a text in rarer ones is compared as it is.
_COMMON_HAN = (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0xF900, 0xFB00))
_PASSWORD = re.compile(r"(?<=://)([^:/@\s]*):[^/\s]*@")
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """The text in NFC with LF line ends, without the characters that we refuse."""
    if not text.isprintable():
        text = _without_refused(text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def clean_report(text: str) -> tuple[str, tuple[str, ...]]:
    """`clean`, and each kind of character that it dropped, named once in order: `U+FFFE`,
    `U+202E RIGHT-TO-LEFT OVERRIDE`. For the log: a dropped character is never silent."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    dropped = dict.fromkeys(_REFUSED.findall(unix) + _REFUSED_BEYOND.findall(unix))
    return clean(text), tuple(_name(character) for character in dropped)


def one_line(text: str) -> str:
    """`clean`, with every run of white space (also the full-width one) made one space."""
    return " ".join(clean(text).split())


def fold(text: str) -> str:
    """The key by which two texts are the same: NFKC, casefold, letters and digits only, and
    traditional made simplified where the text is Chinese. Never shown to anybody."""
    letters = _NOT_A_LETTER.sub("", unicodedata.normalize("NFKC", text).casefold())
    key = unicodedata.normalize("NFKC", letters)  # neighbours may compose now
    if not is_chinese(key):
        return key
    # Twice, because 苧 is both the simplified form of 薴 and the traditional one of 苎.
    return to_simplified(to_simplified(key))


def letters(text: str) -> str:
    """What `fold` is to a title, for whole texts at a fifth of the cost: traditional is made
    simplified character by character, so the two keys differ. For comparing copies only."""
    key = "".join(_LETTERS.findall(text))
    if not unicodedata.is_normalized("NFKC", key):
        key = unicodedata.normalize("NFKC", key)
    key = key.casefold()
    traditional, table = _simplified()
    if not traditional.search(key) or not is_chinese(key):
        return key
    return traditional.sub(lambda match: table[match[0]], key)


def search_key(text: str) -> str:
    """What a text is searched in, and a word looked for as: NFKC, casefold, and traditional made
    simplified character by character, in any language, since a word alone does not say whose it
    is. Punctuation stays. Never shown to anybody."""
    if text.isascii():
        return text.casefold()
    key = text
    for wide, plain in _WIDE_SIGNS:  # all that most Chinese texts have to be normalised for
        key = key.replace(wide, plain)
    if not unicodedata.is_normalized("NFKC", key):
        key = unicodedata.normalize("NFKC", key)
    key = key.casefold()
    traditional, table = _simplified()
    if not traditional.search(key):
        return key
    # Twice, because 苧 is both the simplified form of 薴 and the traditional one of 苎.
    once = traditional.sub(lambda match: table[match[0]], key)
    return traditional.sub(lambda match: table[match[0]], once)


def is_chinese(text: str) -> bool:
    """Whether the text is written in Han characters and is not Japanese or Korean."""
    if text.isascii() or not _HAS_HAN.search(text):
        return False
    if not _FOREIGN.search(text):
        return True
    foreign = len(_FOREIGN.findall(text))
    return foreign * _HAN_FOR_ONE_FOREIGN < len(_HAS_HAN.findall(text))


def to_simplified(text: str) -> str:
    """Traditional made simplified, phrase by phrase. Ask `is_chinese` first: on Japanese this
    damages the text, and the rules that read it."""
    if text.isascii():
        return text
    # The library takes UTF-8; a lone surrogate has none.
    simplified: str = _converter().convert(_SURROGATE.sub("\ufffd", text))
    return simplified


def join_cjk(text: str) -> str:
    """White space between two CJK characters removed; between CJK and Latin it stays."""
    return _CJK_GAP.sub("", text)


def without_password(text: str) -> str:
    """What may be shown and logged of an address: `https://user:***@host/`."""
    return _PASSWORD.sub(r"\1:***@", text)


def _without_refused(text: str) -> str:
    """Asked only where something is not printable: nothing that we refuse is, and that costs a
    tenth of the expression (0.1 ms for 20,000 characters). White space other than the blank is
    the only common false alarm."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _is_printable(text):
        return text
    if "\n" in text:  # of a page only the lines that need it
        return "\n".join(
            line if _is_printable(line) else _without_refused(line) for line in text.split("\n")
        )
    text = _REFUSED.sub("", text)
    return _REFUSED_BEYOND.sub("", text) if _BEYOND.search(text) else text


def _is_printable(text: str) -> bool:
    for blank in _BLANKS:
        text = text.replace(blank, "")
    return text.isprintable()


@cache
def _converter() -> OpenCC:
    """Made at the first use (15 ms with the import). Converting does not change it, so threads
    may share it; two that come first at once merely make it twice."""
    from opencc import OpenCC

    return OpenCC("t2s")


@cache
def _simplified() -> tuple[re.Pattern[str], dict[str, str]]:
    """The characters that simplifying alters, and to what. Made at the first use, in 10 ms."""
    characters = [chr(code) for code in _COMMON_HAN]
    # A line each: no phrase is read across them.
    simplified = _converter().convert("\n".join(characters)).split("\n")
    pairs = zip(characters, simplified, strict=True)
    table = {one: other for one, other in pairs if one != other}
    return re.compile(f"[{''.join(table)}]"), table


def _name(character: str) -> str:
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()
