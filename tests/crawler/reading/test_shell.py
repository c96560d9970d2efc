"""Empty shells are told from pages that are merely short."""

from __future__ import annotations

import pytest

from crawler.reading.document import read_document
from crawler.reading.shell import is_shell
from tests.crawler.scripted import SHELL
from tests.journal_pages import article, listing

APP = "<script src=/app.js></script>"
FRAMEWORK = "<div id=root>正在加载，请稍候……</div><script type=module src=/m.js></script>"
STATE = "<div id=__next></div><script>window.state={};" + "f();" * 200 + "</script>"
NOTICE = (
    "<h1>停刊启事</h1><p>因印刷厂搬迁，本刊第四期与第五期合并出版，已经订阅的读者将在十二月中旬收到合刊，"
    "退款办法见下期封三，敬请各位读者和作者谅解，并继续支持本刊的编辑工作。</p>"
)


@pytest.mark.parametrize("body", [SHELL, FRAMEWORK, STATE, APP])
def test_a_document_without_words_that_loads_a_script_is_a_shell(body: str) -> None:
    assert is_shell(read_document(body.encode(), url="https://kan.example/"))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<p>本刊正在改版。</p>",
        "<p>本刊正在改版。</p><script>count(1)</script>",
        f"{NOTICE}{APP}",
        article("街角小店的二十年") + APP,
        listing([(f"/a/{n}.html", f"第{n}篇", "2026-11-20") for n in range(3)]) + APP,
        "<a href=/1>一</a><a href=/2>二</a><a href=/3>三</a>" + APP,
        '<div></div><script type="application/ld+json">' + '{"a": "b"}' * 100 + "</script>",
    ],
)
def test_a_page_with_something_to_read_or_without_a_script_is_none(body: str) -> None:
    assert not is_shell(read_document(body.encode(), url="https://kan.example/"))
