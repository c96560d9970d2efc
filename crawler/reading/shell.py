"""Whether a page is an empty shell: a document that holds no words and no links, and the script
that would fill it in a browser. Judges the document alone; draws nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from crawler.reading.document import letters

if TYPE_CHECKING:
    from crawler.reading.document import Document


def is_shell(document: Document) -> bool:
    """Whether there is hardly anything to read, and a script of the page's own."""
    words = sum(len(letters(line.text)) for line in document.lines)
    return (
        words <= _FEW_LETTERS
        and int(_LINKS(document.tree)) <= _FEW_LINKS
        and bool(_SCRIPTS(document.tree))
    )


# "正在加载，请稍候" or "Loading…", the journal's name, a registration number in the foot.
# The shortest page with something to read, a notice of one sentence with its title, has more.
_FEW_LETTERS, _FEW_LINKS = 60, 2
_LINKS = etree.XPath("count(descendant-or-self::a[@href])")
# A counter has no `src` of its own, or is a line or two.
_SCRIPTS = etree.XPath(
    "boolean(descendant-or-self::script[@src or string-length(.) > 400]"
    "[not(@type) or contains(@type, 'javascript') or @type = 'module'])"
)
