"""Sample sites of the platforms that we know, each a journal of our own invention: what a person
would paste, the pages as the system prints them, and what a right reader finds.

`SITES["dedecms"].put_on(fake_site)` serves one; `.at("http://127.0.0.1:8000")` moves one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sample_sites import (
    cbpt,
    citation,
    dedecms,
    discuz,
    empirecms,
    etiller,
    magtech,
    ojs,
    pbootcms,
    phpcms,
    rhhz,
    wordpress,
)
from tests.sample_sites.site import (
    SampleArticle,
    SampleList,
    SamplePage,
    SampleRow,
    SampleSite,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SITES", "SampleArticle", "SampleList", "SamplePage", "SampleRow", "SampleSite"]

SITES: Mapping[str, SampleSite] = {
    site.name: site
    for site in (
        made.build()
        for made in (
            wordpress,
            dedecms,
            empirecms,
            phpcms,
            pbootcms,
            discuz,
            etiller,
            rhhz,
            cbpt,
            citation,
            ojs,
            magtech,
        )
    )
}
