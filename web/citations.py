"""The files that an article is cited with, by suffix, with their content types. Values in, text
out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feeds.citation.bibtex import write_bibtex
from feeds.citation.csl_json import write_csl_json
from feeds.citation.gbt7714 import write_gbt7714
from feeds.citation.ris import write_ris

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from feeds.citation.work import Work

#: application/x-bibtex and the RIS type are not registered; Zotero and EndNote go by these.
CITATIONS: Mapping[str, tuple[str, Callable[[Work], str]]] = {
    "bib": ("application/x-bibtex; charset=utf-8", write_bibtex),
    "ris": ("application/x-research-info-systems; charset=utf-8", write_ris),
    "json": ("application/vnd.citationstyles.csl+json", write_csl_json),
    "txt": ("text/plain; charset=utf-8", lambda work: write_gbt7714(work) + "\n"),
}
