"""The archive harvested over a real server by a harvester that others use (sickle), and each answer
held against a grammar written after the protocol (oai-pmh.rng)."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from lxml import etree
from sickle import Sickle
from sickle.oaiexceptions import BadArgument, NoRecordsMatch
from starlette.applications import Starlette

from archive.current import load, set_state
from archive.model import EntryState, NoticeClass
from archive.store import Store
from crawler.platforms import find_platform, reader_for
from foundation.settings import Settings
from tests.factories import entry, notice, sighting
from tests.web.library import BASE, NOW, sample_sources
from tests.web.serving import served
from web.oai.endpoint import oai_route
from web.oai.repository import Repository

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sources.model import Source

pytestmark = pytest.mark.slow

GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).with_name("oai-pmh.rng")))
OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
PAGE = 7
ALL = 30
HOUR = timedelta(hours=1)


class Library:
    """The store behind an address, and ways to ask there."""

    def __init__(self, store: Store, address: str) -> None:
        self.store = store
        self.address = f"{address}/oai"
        self.sickle = Sickle(self.address)

    def ask(self, query: str = "", **arguments: str) -> etree._Element:
        """One answer, which must be one of the protocol's."""
        answer = httpx.get(f"{self.address}?{query}", params=arguments or None)
        assert (answer.status_code, answer.headers["content-type"]) == (
            200,
            "text/xml; charset=utf-8",
        )
        root = etree.fromstring(answer.content)
        assert GRAMMAR.validate(root), GRAMMAR.error_log
        return root

    def pages(self, **arguments: str) -> Iterator[etree._Element]:
        """All answers of a list, by their tokens."""
        page = self.ask(**arguments)
        yield page
        while token := page.findtext(f".//{OAI}resumptionToken"):
            page = self.ask(verb=arguments["verb"], resumptionToken=token)
            yield page

    def put(self, entry_id: str, state: EntryState, since: datetime) -> None:
        with self.store._database.writing() as connection:
            known = load(connection, entry_id)
            set_state(connection, known.source_id, known, state, since=since)

    def keep(self, number: int, seen: datetime, **fields: object) -> str:
        url = f"{BASE}/new/{number}.html"
        article = entry(
            url=url,
            canonical_url=url,
            title=f"新文之{number}",
            **{"text": f"第{number}篇新的文章，写的是另一件事情。" * 4, "doi": None, **fields},
        )
        made = sighting(article, source_id="pinpai-guancha", seen=seen)
        return self.store.keep(made).entry_id


@contextmanager
def harvested(
    settings: Settings, store: Store, sources: list[Source], page: int = PAGE
) -> Iterator[Library]:
    def find(source_id: str) -> Source | None:
        return next((source for source in sources if source.id == source_id), None)

    repository = Repository(settings=settings, store=store, source=find, page=page)
    with served(Starlette(routes=[oai_route(repository)])) as address:
        yield Library(store, address)


@pytest.fixture
def here(settings: Settings, store: Store, sources: list[Source]) -> Iterator[Library]:
    with harvested(settings, store, sources) as opened:
        yield opened


def identifiers(page: etree._Element) -> list[str]:
    return [each.findtext(f"{OAI}identifier") or "" for each in page.iter(f"{OAI}header")]


def fields(record: etree._Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in record.iter(f"{DC}*"):
        found.setdefault(etree.QName(element).localname, []).append(element.text or "")
    return found


def oai_id(entry_id: str) -> str:
    return "oai:feeds.example:" + entry_id.partition(",")[2].partition(":")[2]


# --- a whole harvest --------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.promise(number=25)
def test_a_harvester_gets_every_record_once(here: Library, method: str) -> None:
    gone = here.store.entries("open-letters")[0]
    here.put(gone.id, EntryState.WITHDRAWN, NOW + HOUR)
    sickle = Sickle(here.address, http_method=method)
    records = list(sickle.ListRecords(metadataPrefix="oai_dc"))
    kept = here.store.entries(states=frozenset(EntryState))
    assert len(records) == len(kept) == ALL
    assert {record.header.identifier for record in records} == {oai_id(each.id) for each in kept}
    assert [each.header.identifier for each in records if each.deleted] == [oai_id(gone.id)]
    assert records[-1].deleted
    assert "metadata" not in records[-1].raw
    titles = {record.metadata["title"][0] for record in records if not record.deleted}
    assert titles >= {each.entry.title for each in kept if each.state is EntryState.LIVE} - {
        gone.entry.title
    }
    assert sum(title.startswith("【撤稿】") for title in titles) == 1  # retracted is not deleted
    headers = list(sickle.ListIdentifiers(metadataPrefix="oai_dc"))
    assert [header.identifier for header in headers] == [
        record.header.identifier for record in records
    ]


def test_its_pages_say_where_they_are(here: Library) -> None:
    pages = list(here.pages(verb="ListRecords", metadataPrefix="oai_dc"))
    tokens = [page.find(f".//{OAI}resumptionToken") for page in pages]
    assert [token is not None and token.get("cursor") for token in tokens] == [
        *("0", "7", "14", "21", "28"),
    ]
    assert {token is not None and token.get("completeListSize") for token in tokens} == {str(ALL)}
    assert tokens[-1] is not None
    assert tokens[-1].text is None
    assert [len(identifiers(page)) for page in pages] == [7, 7, 7, 7, 2]


def test_what_is_kept_and_taken_down_meanwhile_loses_no_record(here: Library) -> None:
    pages = here.pages(verb="ListIdentifiers", metadataPrefix="oai_dc")
    seen = identifiers(next(pages))
    new = here.keep(1, NOW + HOUR)
    given = seen[0].rpartition("/")[2]
    taken = next(each for each in here.store.entries() if each.id.endswith(given))
    here.put(taken.id, EntryState.WITHDRAWN, NOW + 2 * HOUR)
    for page in pages:
        seen += identifiers(page)
    assert seen[-2:] == [oai_id(new), oai_id(taken.id)]
    assert seen.count(oai_id(taken.id)) == 2  # as it was, and then as deleted
    assert len(set(seen)) == ALL + 1


def test_the_same_token_gives_the_same_page_again(here: Library) -> None:
    token = here.ask(verb="ListRecords", metadataPrefix="oai_dc").findtext(
        f".//{OAI}resumptionToken"
    )
    pages = [here.ask(verb="ListRecords", resumptionToken=token or "") for _ in range(2)]
    assert identifiers(pages[0]) == identifiers(pages[1]) != []


def test_what_a_harvester_asks_for_since_its_last_visit_is_what_changed(here: Library) -> None:
    new = here.keep(1, NOW + 2 * HOUR)
    gone = here.store.entries("open-letters")[0]
    here.put(gone.id, EntryState.WITHDRAWN, NOW + 3 * HOUR)
    asked = {"metadataPrefix": "oai_dc", "from": f"{NOW + HOUR:%Y-%m-%dT%H:%M:%SZ}"}
    found = [each.header.identifier for each in here.sickle.ListRecords(**asked)]
    assert found == [oai_id(new), oai_id(gone.id)]
    # Both ends belong to it, to the second and to the day.
    at = f"{NOW + 2 * HOUR:%Y-%m-%dT%H:%M:%SZ}"
    exact = {"metadataPrefix": "oai_dc", "from": at, "until": at}
    assert [each.identifier for each in here.sickle.ListIdentifiers(**exact)] == [oai_id(new)]
    day = {"metadataPrefix": "oai_dc", "from": f"{NOW:%Y-%m-%d}", "until": f"{NOW:%Y-%m-%d}"}
    assert len(list(here.sickle.ListIdentifiers(**day))) == ALL + 1
    late = {"metadataPrefix": "oai_dc", "from": f"{NOW + 9 * HOUR:%Y-%m-%dT%H:%M:%SZ}"}
    with pytest.raises(NoRecordsMatch):
        here.sickle.ListRecords(**late)


@pytest.mark.promise(number=25)
def test_journals_are_sets(here: Library, sources: list[Source]) -> None:
    sets = {each.setSpec: each.setName for each in here.sickle.ListSets()}
    assert sets == {source.id: source.title for source in sources}
    page = here.ask(verb="ListSets")
    issns = [each for one in page.iter(f"{OAI}set") for each in fields(one).get("identifier", [])]
    assert any(each.startswith("urn:ISSN:") for each in issns)
    some = list(here.sickle.ListRecords(metadataPrefix="oai_dc", set="open-letters"))
    assert len(some) == len(here.store.entries("open-letters"))
    assert {each.header.setSpecs[0] for each in some} == {"open-letters"}
    with pytest.raises(NoRecordsMatch):
        here.sickle.ListRecords(metadataPrefix="oai_dc", set="nobody")


def test_a_crawler_of_ours_follows_what_we_give(here: Library) -> None:
    """The other end of the protocol, in the other half of the house."""
    url = f"{here.address}?verb=ListRecords&metadataPrefix=oai_dc"
    body = httpx.get(url).content
    assert find_platform(body, None, url) == "oai"
    found = reader_for(None)(body, url=url, visited=NOW)
    assert len(found.links) == PAGE
    assert {link.url for link in found.links} < {each.entry.url for each in here.store.entries()}
    assert found.next is not None


# --- one record -------------------------------------------------------------------------------


def test_a_record_says_what_is_known_of_an_article(here: Library) -> None:
    (archived,) = [each for each in here.store.entries("open-letters") if each.entry.title][:1]
    entry = archived.entry
    record = here.ask(verb="GetRecord", metadataPrefix="oai_dc", identifier=oai_id(archived.id))
    found = fields(record)
    assert found.pop("description")
    publishers = found.pop("publisher")
    issn = found["source"][1:]
    assert found == {
        "title": [entry.title],
        "creator": list(entry.authors),
        "date": [entry.published and entry.published.value],
        "type": ["Text"],
        "format": ["text/html"],
        "identifier": [entry.url, f"https://doi.org/{entry.doi}", archived.id],
        "source": [found["source"][0], *issn],
        "language": ["en"],
        "relation": [
            f"https://feeds.example/open-letters/{archived.id.rpartition('/')[2]}/",
        ],
        "rights": [
            "This work is licensed under a Creative Commons Attribution 4.0 License.",
            "https://creativecommons.org/licenses/by/4.0/",
        ],
    }
    assert len(publishers) == 1
    assert f"no. {entry.number}" in found["source"][0]
    assert all(each.startswith("urn:ISSN:") for each in issn)
    assert record.findtext(f".//{OAI}datestamp") == f"{NOW:%Y-%m-%dT%H:%M:%SZ}"


def test_metadata_are_always_given_and_the_text_never(here: Library) -> None:
    secret = "这一句话只在正文里，别处都没有。"
    forbidden = here.keep(
        1,
        NOW,
        notice=notice(NoticeClass.FORBIDDEN, text="本刊文章一律不得转载。"),
        text=f"{secret}" * 40,
        keywords=("船", "港"),
        column="论文",
        summary="编辑部的摘要。",
    )
    free = here.keep(2, NOW, text=f"{secret}{'很长的正文。' * 400}", summary="编辑部的摘要。")
    answers = {
        name: httpx.get(
            here.address,
            params={
                "verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": oai_id(id_),
            },
        ).text
        for name, id_ in (("forbidden", forbidden), ("free", free))
    }  # fmt: skip
    assert secret not in answers["forbidden"]
    assert "编辑部的摘要。" not in answers["forbidden"]
    assert "编辑部的摘要。" in answers["free"]
    found = fields(etree.fromstring(answers["forbidden"].encode()))
    assert (found["rights"], found["subject"]) == (["本刊文章一律不得转载。"], ["论文"])
    assert "很长的正文。很长的正文。" not in answers["free"]


@pytest.mark.promise(number=25)
def test_of_what_was_taken_down_nothing_is_told_but_that(here: Library) -> None:
    archived = here.store.entries("open-letters")[0]
    here.put(archived.id, EntryState.WITHDRAWN, NOW + HOUR)
    answer = here.ask(verb="GetRecord", metadataPrefix="oai_dc", identifier=oai_id(archived.id))
    assert (archived.entry.title or "").encode() not in etree.tostring(answer, encoding="utf-8")
    header = answer.find(f".//{OAI}header")
    assert header is not None
    assert header.get("status") == "deleted"
    assert header.findtext(f"{OAI}datestamp") == f"{NOW + HOUR:%Y-%m-%dT%H:%M:%SZ}"
    assert answer.find(f".//{OAI}metadata") is None


def test_what_is_taken_down_and_put_back_is_told_both_times(here: Library) -> None:
    archived = here.store.entries("open-letters")[0]
    signed = {"who": "林", "why": "作者来信"}
    told = []
    for number, act in enumerate(
        (here.store.withdrawals.withdraw, here.store.withdrawals.undo), start=1
    ):
        at = NOW + number * HOUR
        act(archived.id, now=at, **signed)
        asked = {"metadataPrefix": "oai_dc", "from": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
        (record,) = here.sickle.ListRecords(**asked)
        told.append((record.header.identifier, record.deleted))
        assert "作者来信" not in record.raw
    assert told == [(oai_id(archived.id), True), (oai_id(archived.id), False)]


def test_a_journal_whose_file_is_gone_is_still_a_set(here: Library, sources: list[Source]) -> None:
    sources[:] = [source for source in sources if source.id != "open-letters"]
    names = {each.setSpec: each.setName for each in here.sickle.ListSets()}
    assert "open-letters" in names
    (page, *_) = here.pages(verb="ListRecords", metadataPrefix="oai_dc", set="open-letters")
    found = fields(page)
    assert found["title"]
    assert not {"description", "relation"} & set(found)


def test_a_character_that_xml_cannot_have_harms_no_page(here: Library) -> None:
    here.keep(1, NOW, authors=("甲\x0b\ufffe乙",), column="<b>&")
    records = [
        record
        for page in here.pages(verb="ListRecords", metadataPrefix="oai_dc")
        for record in page.iter(f"{OAI}record")
    ]
    assert len(records) == ALL + 1
    assert ["甲乙"] in [fields(record).get("creator") for record in records]
    assert ["<b>&"] in [fields(record).get("subject") for record in records]


# --- the repository ---------------------------------------------------------------------------


def test_it_says_who_it_is(here: Library) -> None:
    identity = here.sickle.Identify()
    assert identity.baseURL == "https://feeds.example/oai"
    assert identity.protocolVersion == "2.0"
    assert identity.deletedRecord == "persistent"
    assert identity.granularity == "YYYY-MM-DDThh:mm:ssZ"
    assert identity.earliestDatestamp == f"{NOW:%Y-%m-%dT%H:%M:%SZ}"
    assert identity.adminEmail == "postmaster@feeds.example"
    here.ask(verb="Identify")
    (format_,) = here.sickle.ListMetadataFormats()
    assert format_.metadataPrefix == "oai_dc"
    head = next(iter(here.sickle.ListIdentifiers(metadataPrefix="oai_dc")))
    (same,) = here.sickle.ListMetadataFormats(identifier=head.identifier)
    assert same.metadataPrefix == "oai_dc"


def test_the_operators_own_address_of_mail_is_given(
    settings: Settings, store: Store, sources: list[Source]
) -> None:
    for contact, mail in (
        ("mailto:desk@library.example", "desk@library.example"),
        ("desk@library.example", "desk@library.example"),
        ("https://library.example/contact", "postmaster@feeds.example"),
    ):
        mine = replace(settings, contact=contact)
        with harvested(mine, store, sources) as here:
            assert here.sickle.Identify().adminEmail == mail


DATES = "from=2026-01-01&until=2026-01-02T00:00:00Z"
LIST = "verb=ListRecords&metadataPrefix=oai_dc"


ERRORS = [
    ("", "badVerb"),
    ("verb=", "badVerb"),
    ("verb=Identity", "badVerb"),
    ("verb=Identify&verb=Identify", "badVerb"),
    ("verb=" + "x" * 9000, "badVerb"),
    ("&".join(["verb=Identify"] * 99), "badVerb"),
    ("verb=Identify&set=open-letters", "badArgument"),
    ("verb=ListRecords", "badArgument"),
    ("verb=ListIdentifiers&from=2026-01-01", "badArgument"),
    ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
    ("verb=GetRecord&identifier=oai:feeds.example:x/y", "badArgument"),
    (f"{LIST}&metadataPrefix=oai_dc", "badArgument"),
    (f"{LIST}&nothing=1", "badArgument"),
    (f"{LIST}&{DATES}", "badArgument"),
    (f"{LIST}&from=2026-02-30", "badArgument"),
    (f"{LIST}&from=2026-01-01T00:00:00", "badArgument"),
    (f"{LIST}&from=yesterday", "badArgument"),
    (f"{LIST}&from=2026-01-01T00:00:00%2B08:00", "badArgument"),
    (f"{LIST}&from=2026-01-02&until=2026-01-01", "badArgument"),
    (f"{LIST}&from=%D9%A2%D9%A0%D9%A2%D9%A6-01-01", "badArgument"),
    (f"{LIST}&set=a%20b", "badArgument"),
    (f"{LIST}&set=", "badArgument"),
    (f"{LIST}&resumptionToken=x", "badArgument"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=invalid%22id", "badArgument"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:feeds.example:x/y", "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:other.example:x/y", "idDoesNotExist"),
    ("verb=ListMetadataFormats&identifier=oai:feeds.example:x/y", "idDoesNotExist"),
    ("verb=ListRecords&metadataPrefix=marcxml", "cannotDisseminateFormat"),
    ("verb=GetRecord&metadataPrefix=mods&identifier=oai:x:y", "cannotDisseminateFormat"),
    ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
    ("verb=ListRecords&resumptionToken=", "badResumptionToken"),
    ("verb=ListRecords&resumptionToken=%00%FF", "badResumptionToken"),
    ("verb=ListRecords&resumptionToken=bnVsbA", "badResumptionToken"),
    ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
    (f"{LIST}&until=2001-01-01", "noRecordsMatch"),
    (f"{LIST}&from=9999-12-31", "noRecordsMatch"),
    (f"{LIST}&from=9999-12-31&until=9999-12-31", "noRecordsMatch"),
]  # fmt: skip


def test_an_error_is_the_protocols_own(here: Library) -> None:
    for query, code in ERRORS:
        answer = here.ask(query)
        found = [each.get("code") for each in answer.iter(f"{OAI}error")]
        assert (query[:200], found) == (query[:200], [code])
        request = answer.find(f"{OAI}request")
        assert request is not None
        assert request.text == "https://feeds.example/oai"
        # Section 3.2: what is wrong is not repeated.
        assert bool(request.attrib) == (code not in ("badVerb", "badArgument"))


def test_a_token_goes_on_with_its_own_list_alone(here: Library) -> None:
    token = here.ask(LIST).findtext(f".//{OAI}resumptionToken") or ""
    answer = here.ask(verb="ListIdentifiers", resumptionToken=token)
    assert [each.get("code") for each in answer.iter(f"{OAI}error")] == ["badResumptionToken"]


def test_an_archive_that_holds_nothing_answers_too(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, public_url="http://127.0.0.1:8000")
    sources = list(sample_sources(tmp_path / "journals"))
    with (
        Store.open(settings.database_url, now=datetime(2026, 11, 2, tzinfo=UTC)) as store,
        harvested(settings, store, sources) as here,
    ):
        store.sync_sources(sources, NOW)
        identity = here.ask(verb="Identify")
        assert identity.findtext(f".//{OAI}earliestDatestamp") == "2026-11-02T00:00:00Z"
        for query, code in ((LIST, "noRecordsMatch"), ("verb=ListSets", "noSetHierarchy")):
            answer = here.ask(query)
            assert [each.get("code") for each in answer.iter(f"{OAI}error")] == [code]


def test_the_app_has_it_and_a_form_has_bounds(client: httpx.Client) -> None:
    assert b"<Identify>" in client.get("/oai?verb=Identify").content
    assert b"<Identify>" in client.post("/oai", data={"verb": "Identify"}).content
    assert client.head("/oai?verb=Identify").status_code == 200
    assert client.post("/oai", content=b"x" * 20_000).status_code == 400
    assert client.put("/oai").status_code == 405
    with pytest.raises(BadArgument):
        Sickle(f"{client.base_url}/oai").ListRecords(metadataPrefix="oai_dc", nothing="1")
