"""sources.parse: each mistake in a file is named with its key, what was found, what is allowed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sources.model import Limits, Source
from sources.parse import Parsed, parse_source

HEAD = 'title = "示例月刊"\nlists = ["https://monthly.example/"]\n'


def parse(text: str, source_id: str = "monthly") -> Parsed:
    return parse_source(text, source_id=source_id, file=f"{source_id}.toml")


def errors(text: str) -> dict[str | None, str]:
    parsed = parse(text)
    assert parsed.source is None
    assert all(error.file == "monthly.toml" for error in parsed.errors)
    return {error.key: str(error) for error in parsed.errors}


def test_title_and_lists_are_enough() -> None:
    assert parse(HEAD).source == Source(
        id="monthly",
        title="示例月刊",
        lists=("https://monthly.example/",),
        file="monthly.toml",
    )


def test_values_come_out_as_what_they_mean() -> None:
    source = parse(
        HEAD
        + """
        [masthead]
        "周 期" = "双月刊"
        [expect]
        silence = "auto"
        [schedule]
        every = "90m"
        [limits]
        recheck = ["1d", "12h"]
        """
    ).source

    assert source is not None
    assert source.masthead.interval == timedelta(days=61)
    assert source.expect.silence is None
    assert source.schedule.every == timedelta(minutes=90)
    assert source.limits == Limits(recheck=(timedelta(days=1), timedelta(hours=12)))


# What is added to a good file, the key that the error names, and words that it says.
MISTAKES = [
    # unknown keys
    ('titel = "x"', "titel", 'unknown; did you mean "title"?'),
    ('lists_ = ["x"]', "lists_", 'did you mean "lists"?'),
    ('every = "2h"', "every", "unknown; it belongs below [schedule]"),
    ("[schedul]", "schedul", 'did you mean "schedule"?'),
    ('[selectors]\nlink = "a"', "selectors.link", 'did you mean "links"?'),
    ("[expect]\npages = 3", "expect.pages", "it belongs below [limits]"),
    ('[limits]\nhomepage = "x"', "limits.homepage", "at the top, before the first [table]"),
    ('[masthead]\nfeed = "https://h/"', "masthead.feed", "at the top, before the first [table]"),
    # wrong types
    ("language = 3", "language", "found 3; allowed is a language tag such as zh-CN"),
    ("homepage = true", "homepage", "found true; allowed is an address"),
    ('groups = "x"', "groups", 'found "x"; allowed is a list'),
    ("groups = [3]", "groups[0]", "found 3; allowed is a text"),
    ('masthead = "x"', "masthead", 'found "x"; allowed is a table'),
    ("schedule = [1]", "schedule", "found a list; allowed is a table"),
    ("[masthead]\n创刊 = 1994".replace("创刊", '"创刊"'), 'masthead."创刊"', "allowed is a text"),
    ('[limits]\npages = "3"', "limits.pages", 'found "3"; allowed is a whole number'),
    ("[limits]\npages = 2.5", "limits.pages", "allowed is a whole number"),
    ("[limits]\npages = true", "limits.pages", "found true; allowed is a whole number"),
    # out of bounds
    ("[limits]\npages = 0", "limits.pages", "found 0; allowed is a whole number, at least 1"),
    ("[limits]\nrechecks = 9999", "limits.rechecks", "at most 1000"),
    ("[limits]\nsize_bytes = 3", "limits.size_bytes", "at least 1024"),
    ("[expect]\nlinks_min = 9\nlinks_max = 3", "expect.links_max", "links_min or more"),
    # numbers of the masthead
    ('[masthead]\n"国际标准刊号" = "1234-5678"', 'masthead."国际标准刊号"', "ends in 9, not 8"),
    ('[masthead]\nISSN = "1234"', "masthead.ISSN", "is not an ISSN such as"),
    ('[masthead]\n"CN" = "14-138/F"', "masthead.CN", "is not a CN number such as 14-1384/F"),
    # selectors
    ('[selectors]\nlinks = "ul.a["', "selectors.links", "allowed is a CSS selector"),
    ('[selectors]\nlinks = "a::colour"', "selectors.links", "pseudo-element ::colour is unknown"),
    ('[selectors]\nbody = "//div["', "selectors.body", "or an XPath"),
    ('[selectors]\nbody = "//html[f(.)]"', "selectors.body", "Unregistered function"),
    ('[selectors]\nbody = "//x:div"', "selectors.body", "Undefined namespace prefix"),
    ('[selectors]\nbody = "(1 + 1)"', "selectors.body", "selects nothing"),
    ('[selectors]\nnext = ""', "selectors.next", 'found ""; allowed is'),
    ('[selectors]\nnext = "(a"', "selectors.next", "or an XPath"),
    # zone, language, encoding
    ('zone = "Asia/Beijng"', "zone", "allowed is a time zone such as Asia/Shanghai"),
    ('zone = "Asia"', "zone", "allowed is a time zone"),
    ('zone = "../../etc/passwd"', "zone", "allowed is a time zone"),
    ('zone = ""', "zone", "allowed is a time zone"),
    ('zone = "+08:00"', "zone", "allowed is a time zone"),
    ('language = "cn"', "language", 'did you mean "zh-CN"?'),
    ('language = "zh_CN"', "language", "allowed is a language tag"),
    ('language = "中文"', "language", "allowed is a language tag"),
    ('encoding = "gbk2"', "encoding", "allowed is the name of an encoding such as utf-8"),
    ('encoding = "base64"', "encoding", "allowed is the name of an encoding"),
    ('encoding = "idna"', "encoding", "allowed is the name of an encoding"),
    ('encoding = "utf-8\\u0000"', "encoding", "allowed is the name of an encoding"),
    # addresses
    ('moved_to = "elsewhere"', "moved_to", "begins with http:// or https://"),
    ('[masthead]\nmoved_to = "https://h/"', "masthead.moved_to", "at the top, before the first"),
    ('homepage = "monthly.example"', "homepage", "begins with http:// or https://"),
    ('homepage = "ftp://monthly.example/"', "homepage", "begins with http:// or https://"),
    ('homepage = "file:///etc/passwd"', "homepage", "begins with http:// or https://"),
    ('homepage = "https://"', "homepage", "begins with http:// or https://"),
    ('homepage = "https://h:99999/"', "homepage", "begins with http:// or https://"),
    ('homepage = "https://[::1/"', "homepage", "begins with http:// or https://"),
    ('homepage = "https://u:secret@h/"', "homepage", "user and password do not belong here"),
    ('homepage = "https://h/a b"', "homepage", "write a space as %20"),
    ('homepage = "https://h/\\u0007"', "homepage", "begins with http:// or https://"),
    # spans
    (
        '[schedule]\nevery = "2"',
        "schedule.every",
        'allowed is "auto", or a number with s, m, h or d',
    ),
    ('[schedule]\nevery = "1s"', "schedule.every", "at least 5s"),
    ("[schedule]\nevery = 7200", "schedule.every", "found 7200"),
    ('[expect]\nsilence = "9999d"', "expect.silence", "at most 3660d"),
    ('[limits]\nrecheck = ["1d", "x"]', "limits.recheck[1]", 'found "x"; allowed is a number with'),
    # closed lists and empty texts
    ('platform = "dede"', "platform", "one of 'auto', 'plain', 'feed', 'sitemap', 'oai', 'ojs'"),
    ('render = "chrome"', "render", "one of 'plain' or 'browser'"),
    ('[rights]\nnotice = "cc-by"', "rights.notice", "one of 'open-license'"),
    ('[rights]\ntext = " \\u3000"', "rights.text", "it is empty"),
]


@pytest.mark.parametrize(("added", "key", "said"), MISTAKES, ids=[m[0] for m in MISTAKES])
def test_a_mistake_is_named_with_its_key(added: str, key: str, said: str) -> None:
    found = errors(HEAD + added)

    assert list(found) == [key]
    assert found[key].startswith(f"monthly.toml: {key}: ")
    assert said in found[key]


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ('lists = ["https://h/"]', "title", "is missing"),
        ('title = "x"', "lists", "is missing"),
        ('title = "x"\nlists = []', "lists", "found []; allowed is a list of at least one"),
        ('title = "x"\nlists = "https://h/"', "lists", "allowed is a list"),
        ('title = ""\nlists = ["https://h/"]', "title", "it is empty"),
        ('title = "x"\nlists = ["https://h/", "h"]', "lists[1]", 'found "h"'),
    ],
)
def test_what_every_source_needs_is_asked_for(text: str, key: str, said: str) -> None:
    found = errors(text)

    assert list(found) == [key]
    assert said in found[key]


def test_all_mistakes_of_a_file_are_named_at_once() -> None:
    found = errors('titel = "x"\nzone = "x"\n[masthead]\nISSN = "1"\n[limits]\npages = 0')

    assert set(found) == {"titel", "title", "lists", "zone", "masthead.ISSN", "limits.pages"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('title = "x', "at line 1, column"),
        (HEAD + "x = ", "at line 3, column 5"),
        (HEAD + 'title = "y"', "at line 3"),
        (HEAD + '[masthead]\n主办单位 = "x"', 'a Chinese label stands in quotes: "主办单位" = "…"'),
        ("title = “x”", "in half width"),
        ("title ＝ 3", "in half width"),
        ("a = " + "[" * 5000, "nested too deep"),
    ],
)
def test_broken_toml_is_shown_with_its_place(text: str, said: str) -> None:
    (message,) = errors(text).values()

    assert message.startswith("monthly.toml: is not ")
    assert said in message


@pytest.mark.parametrize(
    "source_id",
    ["", "Monthly", "月刊", "a_b", "a b", "-a", "a-", "a--b", "a.b", "x" * 65, "all", "archive"],
)
def test_a_name_that_is_no_id_is_refused(source_id: str) -> None:
    parsed = parse(HEAD, source_id)

    assert parsed.source is None
    assert f'the id "{source_id}"' in str(parsed.errors[0])


@pytest.mark.parametrize(
    "reserved",
    [
        *("all", "archive", "journals", "opml", "search", "static", "status", "feeds", "api"),
        *("healthz", "robots", "favicon", "authors", "groups", "searches"),
    ],
)
def test_names_of_our_own_pages_are_reserved(reserved: str) -> None:
    (error,) = parse(HEAD, reserved).errors

    assert "is reserved" in str(error)


@pytest.mark.parametrize(
    "selector",
    [
        *("ul.list > li:nth-child(2) a", "a::attr(href)", "div:has(> p)", "a[href*='/2026/']"),
        *("//ul/li/a", "(//a)[1]", "./td[2]/text()", "//a[contains(., '下一页')]/@href"),
    ],
)
def test_css_and_xpath_are_both_selectors(selector: str) -> None:
    source = parse(HEAD + f'[selectors]\nlinks = "{selector}"').source

    assert source is not None
    assert source.selectors.links == selector


@pytest.mark.parametrize("language", ["zh-CN", "zh-Hant-TW", "en", "ja", "es-419", "yue"])
def test_language_tags_are_known_by_their_form(language: str) -> None:
    assert parse(HEAD + f'language = "{language}"').source is not None


@pytest.mark.parametrize("encoding", ["utf-8", "GBK", "gb18030", "big5", "shift_jis", "euc-kr"])
def test_the_encodings_of_pages_are_known(encoding: str) -> None:
    assert parse(HEAD + f'encoding = "{encoding}"').source is not None


def test_a_warning_does_not_stop_a_source() -> None:
    parsed = parse(HEAD + '[masthead]\n"周期" = "不定期"')

    assert parsed.source is not None
    assert [warning.key for warning in parsed.warnings] == ['masthead."周期"']


def test_a_source_that_is_visited_in_haste_is_warned_of() -> None:
    parsed = parse(HEAD + '[schedule]\nevery = "1m"')

    assert parsed.source is not None
    assert [warning.key for warning in parsed.warnings] == ["schedule.every"]
    assert not parse(HEAD + '[schedule]\nevery = "5m"').warnings


def test_a_long_value_is_cut_in_the_message() -> None:
    (message,) = errors(HEAD + f'zone = "{"x" * 500}"').values()

    assert len(message) < 200


def test_a_password_in_an_address_is_not_repeated() -> None:
    (message,) = errors(HEAD + 'homepage = "https://u:secret@h/"').values()

    assert "secret" not in message
    assert "https://u:***@h/" in message
