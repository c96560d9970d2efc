"""The selectors of a source file: CSS, or XPath when it starts with `/`, `./` or `(`.

Compiled here, so that what a file may say and what the reader of pages does are one thing.
"""

from __future__ import annotations

from functools import cache, lru_cache

from lxml import etree, html
from parsel.csstranslator import HTMLTranslator


def is_xpath(selector: str) -> bool:
    """Whether a selector is XPath; else it is CSS, in which none of these can come first."""
    return selector.startswith(("/", "./", "("))


@lru_cache(maxsize=1024)
def compile_selector(selector: str) -> etree.XPath:
    """The selector ready for use; `::text` and `::attr(href)` are known as in Scrapy. ValueError
    says what is wrong with it."""
    try:
        return etree.XPath(selector if is_xpath(selector) else _translate(selector))
    except (SyntaxError, RuntimeError) as error:  # lxml's and cssselect's; cssselect's second
        raise ValueError(str(error)) from error


def check_selector(selector: str) -> str:
    """The selector, if it selects something: nodes or strings, not a number or a truth."""
    try:
        selected = compile_selector(selector)(_empty_page())
    except etree.XPathError as error:  # an unknown function or prefix
        raise ValueError(str(error)) from error
    if not isinstance(selected, list):
        raise ValueError("it gives one value and selects nothing")  # noqa: TRY004 - of the text
    return selector


@cache
def _empty_page() -> html.HtmlElement:
    return html.document_fromstring("<html></html>")


@cache
def _translator() -> HTMLTranslator:
    return HTMLTranslator()


def _translate(selector: str) -> str:
    return _translator().css_to_xpath(selector)
