"""Repositories that answer OAI-PMH 2.0 and list their articles nowhere else: one as OJS 3 answers,
one as DSpace 7, both of our own invention.

Checked against the protocol (openarchives.org, 2015-01-08), the templates of OJS (`dc:source` with
journal, volume and pages; a title a language; galleys as relations) and records of DSpace as
harvesters keep them with their tests (an ISSN before the address, three dates of which the last is
the day of issue). Order, tokens and errors are the protocol's; both list the oldest change first.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from tests.sample_sites import ojs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.fake_site import FakeSite
    from tests.sample_sites.site import Draft

Flavour = Literal["ojs", "dspace"]
ENDPOINT: Mapping[Flavour, str] = {
    "ojs": f"{ojs.ROOT}/oai",
    "dspace": "/server/oai/request",
}


@dataclass(frozen=True, kw_only=True)
class Held:
    """One record: its article, when it was changed, and whether it was deleted or has no page."""

    draft: Draft
    changed: datetime
    set_spec: str = "tides:ART"
    is_deleted: bool = False
    has_page: bool = True


@dataclass(kw_only=True)
class Repository:
    """Answers as the protocol asks. `expire()` makes every token that was given out bad; a refusal
    is answered in place of any list."""

    base: str
    flavour: Flavour = "ojs"
    held: list[Held] = field(default_factory=list)
    page_size: int = 3
    refusal: tuple[str, str] | None = None
    error_status: int = 200
    queries: list[dict[str, str]] = field(default_factory=list)
    _epoch: int = 0

    def put_on(self, site: FakeSite) -> None:
        """The endpoint, the article pages, and a front page that lists nothing."""
        site.program(ENDPOINT[self.flavour], self.run)
        for path in ("/", ojs.ROOT):
            site.page(path, self.front())
        for each in self.held:
            page = ojs.article(each.draft) if self.flavour == "ojs" else item(each.draft)
            site.page(self.path_of(each.draft), page.replace(ojs.BASE, site.url))

    def add(self, draft: Draft, changed: datetime, **more: object) -> None:
        self.held.append(replace(Held(draft=draft, changed=changed), **more))  # type: ignore[arg-type]

    def expire(self) -> None:
        self._epoch += 1

    def path_of(self, draft: Draft) -> str:
        return ojs.path_of(draft) if self.flavour == "ojs" else f"/handle/123456789/{draft.number}"

    def front(self) -> str:
        """What a browser would fill by its scripts; OJS's is without its list of articles."""
        made = "Open Journal Systems 3.4.0.8" if self.flavour == "ojs" else "DSpace 7.6.1"
        return (
            f'<!DOCTYPE html><html><head><title>{ojs.TITLE}</title><meta name="Generator" content="{made}">'
            "</head><body><div id='app'></div><p>Please search.</p></body></html>"
        )

    # --- the protocol -------------------------------------------------------------------------

    def run(self, query: str) -> tuple[int, bytes, str]:
        arguments = dict(parse_qsl(query))
        self.queries.append(arguments)
        match arguments.get("verb"):
            case "Identify":
                body = f"<Identify><repositoryName>{ojs.TITLE}</repositoryName></Identify>"
            case "ListRecords":
                body = self._list(arguments)
            case _:
                body = error("badVerb", "Illegal OAI verb")
        status = self.error_status if "<error" in body else 200
        return status, self._answer(body).encode(), "text/xml"

    def _list(self, arguments: Mapping[str, str]) -> str:
        if self.refusal is not None:
            return error(*self.refusal)
        place, start, set_spec = 0, arguments.get("from", ""), arguments.get("set", "")
        if token := arguments.get("resumptionToken"):
            epoch, place_, start, set_spec = token.split("!")
            if epoch != str(self._epoch) or len(arguments) > 2:
                return error("badResumptionToken", "The resumption token is invalid or expired")
            place = int(place_)
        elif arguments.get("metadataPrefix") != "oai_dc":
            return error("cannotDisseminateFormat", "The metadata format is not supported")
        chosen = [
            each
            for each in sorted(self.held, key=lambda each: each.changed)
            if f"{each.changed:%Y-%m-%d}" >= start and set_spec in ("", each.set_spec)
        ]
        if not chosen:
            return error("noRecordsMatch", "No matching records in this repository")
        records = "".join(map(self._record, chosen[place : place + self.page_size]))
        after = place + self.page_size
        token = f"{self._epoch}!{after}!{start}!{set_spec}" if after < len(chosen) else ""
        size = f'completeListSize="{len(chosen)}" cursor="{place}"'
        end = f"<resumptionToken {size}>{token}</resumptionToken>" if token or place else ""
        return f"<ListRecords>{records}{end}</ListRecords>"

    def _record(self, each: Held) -> str:
        draft = each.draft
        head = (
            f"<identifier>oai:example:{draft.number}</identifier>"
            f"<datestamp>{each.changed:%Y-%m-%dT%H:%M:%SZ}</datestamp><setSpec>{each.set_spec}</setSpec>"
        )
        if each.is_deleted:
            return f'<record><header status="deleted">{head}</header></record>'
        page = f"{self.base}{self.path_of(draft)}" if each.has_page else ""
        fields = ojs_fields(draft, page) if self.flavour == "ojs" else dspace_fields(draft, page)
        told = "".join(
            f"<dc:{name}{f' xml:lang={chr(34)}{language}{chr(34)}' if language else ''}>{escape(text)}</dc:{name}>"
            for name, language, text in fields
        )
        return (
            f"<record><header>{head}</header><metadata>"
            '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"{told}</oai_dc:dc></metadata></record>"
        )

    def _answer(self, body: str) -> str:
        sheet = '<?xml-stylesheet type="text/xsl" href="/lib/pkp/xml/oai2.xsl" ?>\n'
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n{sheet if self.flavour == "ojs" else ""}'
            '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
            f"<responseDate>{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}</responseDate>"
            f"<request>{self.base}{ENDPOINT[self.flavour]}</request>{body}</OAI-PMH>"
        )


def error(code: str, words: str) -> str:
    return f'<error code="{code}">{words}</error>'


Fields = list[tuple[str, str, str]]  # name, language, text


def ojs_fields(draft: Draft, page: str) -> Fields:
    return [
        ("title", "de-DE", f"Deutsch: {draft.title}"),
        ("title", "en-US", draft.title),
        ("creator", "", draft.author),
        ("publisher", "en-US", "Harbour House"),
        ("date", "", draft.day),
        ("type", "", "info:eu-repo/semantics/article"),
        ("identifier", "", f"10.5555/tides.{draft.number}"),
        *([("identifier", "", f"https://doi.org/10.5555/tides.{draft.number}")] if page else []),
        *([("identifier", "", page)] if page else []),
        (
            "source",
            "en-US",
            f"{ojs.TITLE}; Vol. 12 No. 2 (2026); {draft.number}-{draft.number + 8}",
        ),
        ("source", "", "2049-3630"),
        ("relation", "", f"{page or 'none'}/{draft.number + 200}"),
    ]


def dspace_fields(draft: Draft, page: str) -> Fields:
    return [
        ("title", "", draft.title),
        ("creator", "", draft.author),
        ("date", "", "2026-05-05T17:28:25Z"),
        ("date", "", "2026-05-05T17:28:25Z"),
        ("date", "", draft.day),
        ("type", "", "Article"),
        ("identifier", "", "2049-3630"),
        *(
            [("identifier", "", f"{page.replace('/handle/', '/bitstream/')}/1/a.pdf")]
            if page
            else []
        ),
        *([("identifier", "", page)] if page else []),
        ("language", "", "en_US"),
        ("relation", "", f"{ojs.TITLE};volume 12"),
    ]


def item(draft: Draft) -> str:
    """A page of DSpace for one item, with the tags that it prints for Google Scholar."""
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{draft.title}</title><meta name="Generator" content="DSpace 7.6.1">'
        f'<meta name="citation_title" content="{draft.title}"><meta name="citation_author" content="{draft.author}">'
        f'<meta name="citation_publication_date" content="{draft.day}"><meta name="citation_journal_title" content="{ojs.TITLE}"></head>'
        f"<body><main><h1>{draft.title}</h1><p>{draft.author}</p><h2>Abstract</h2><p>{' '.join(draft.text)}</p></main></body></html>"
    )
