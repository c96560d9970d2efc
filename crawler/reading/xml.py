"""XML that strangers wrote: parsed with no DTD, no entities, no network, mended where it is broken.
Never raises, nor do the texts of what it gives."""

from __future__ import annotations

import re

from lxml import etree


def parse_xml(data: bytes) -> etree._Element | None:
    """The root element; None for what is no XML at all."""
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    if data[:2] in _UTF_16:
        data = _DECLARED.sub(b"", data.decode("utf-16", "replace").encode("utf-8", "replace"))
    try:
        return etree.fromstring(_NUMBERED.sub(_no_surrogate, data), parser=parser)
    except (etree.XMLSyntaxError, ValueError):  # empty, or an encoding that nobody knows
        return None


def local_name(element: etree._Element) -> str:
    """The name without its name space, which broken documents lose or leave undeclared."""
    return re.split("[}:]", str(element.tag))[-1]


_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_DECLARED = re.compile(rb"<\?xml[^>]*\?>")
# In recovery libxml2 takes `&#xD800;`, half a character, and lxml then fails to give it as text.
_NUMBERED = re.compile(rb"&#(?:(\d{1,9})|x([0-9a-fA-F]{1,8}));")


def _no_surrogate(match: re.Match[bytes]) -> bytes:
    number = int(match[1]) if match[1] else int(match[2], 16)
    return b"&#xFFFD;" if 0xD800 <= number <= 0xDFFF else match[0]
