"""OAI-PMH as a list: what is made of an answer, what a walk asks for, and a repository followed from
its bare address. The repositories are tests.sample_sites.oai, which obey the protocol."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import Outcome
from crawler.discovery.saved import replay
from crawler.fetch import Answer, judge_answer
from crawler.outcome import judge
from crawler.platforms import find_platform, oai, reader_for
from crawler.platforms.oai import FIRST_SPAN, MARGIN, list_address, records_address
from crawler.walk import PAGES_MOST
from foundation.errors import UnreachableError
from sources.model import Limits, Source
from tests.crawler.looking import Bench
from tests.crawler.test_walk import SITE, START, Site
from tests.fake_site import open_fake_site
from tests.sample_sites import ojs
from tests.sample_sites.oai import ENDPOINT, Repository

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.reading.list_page import ListPage
    from crawler.walk import Walk
    from tests.sample_sites.oai import Flavour

DAY = timedelta(days=1)
LIST = records_address(f"{SITE}{ENDPOINT['ojs']}")


def source(url: str = LIST, **more: object) -> Source:
    return replace(
        Source(id="tides", title=ojs.TITLE, lists=(url,), language="en", limits=Limits(recheck=())),
        **more,  # type: ignore[arg-type]
    )


class Harvested(Site):
    """A site of dictionary pages whose list is a repository."""

    repository: Repository

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Answer:
        path, _, query = url.removeprefix(SITE).partition("?")
        if path != ENDPOINT[self.repository.flavour]:
            return await super().fetch(url)
        self.asked.append(url.removeprefix(SITE))
        status, body, kind = self.repository.run(query)
        headers = {"content-type": kind}
        answer = Answer(url=url, status=status, headers=headers, body=body, exchanges=())
        judge_answer(answer)
        return answer

    def follow(self, some: Source | None = None) -> tuple[Walk, list[int]]:
        """One visit, and the numbers of the articles that it brought, in order."""
        before = set(self.known)
        walk, _ = self.visit(some or source())
        return walk, [
            int(known.url.rpartition("/")[2])
            for key, known in self.known.items()
            if key not in before
        ]


def held(count: int, *, flavour: Flavour = "ojs", first: datetime = START - 30 * DAY) -> Harvested:
    """A repository with so many of the sample articles, one changed a day."""
    site = Harvested()
    site.repository = Repository(base=SITE, flavour=flavour)
    for place, draft in enumerate(ojs.DRAFTS[:count]):
        add(site, draft.number, first + place * DAY)
    return site


def add(site: Harvested, number: int, changed: datetime, **more: object) -> None:
    draft = replace(ojs.DRAFTS[0], number=number, title=f"The {number}th letter from the harbour")
    site.repository.add(draft, changed, **more)
    site.pages[site.repository.path_of(draft)] = ojs.article(draft)


def read(site: Harvested, **arguments: str) -> ListPage:
    query = "&".join(f"{name}={text}" for name, text in arguments.items())
    url = f"{SITE}{ENDPOINT[site.repository.flavour]}?{query}"
    _, body, _ = site.repository.run(query)
    assert find_platform(body, None, url) == "oai"
    return reader_for(source())(body, url=url, visited=START)


# --- one answer -------------------------------------------------------------------------------


@pytest.mark.parametrize("flavour", ["ojs", "dspace"])
def test_a_record_is_a_row_with_its_page_title_and_date_as_printed(flavour: Flavour) -> None:
    site = held(4, flavour=flavour)
    found = read(site, verb="ListRecords", metadataPrefix="oai_dc")
    path = site.repository.path_of
    assert [(link.url, link.title, link.published) for link in found.links] == [
        (SITE + path(draft), f"The {draft.number}th letter from the harbour", "2026-05-14")
        for draft in reversed(ojs.DRAFTS[:3])
    ]
    assert found.next == (f"{SITE}{ENDPOINT[flavour]}?verb=ListRecords&resumptionToken=0%213%21%21")
    issues = {link.issue for link in found.links}
    assert issues == (
        {f"{ojs.TITLE}; Vol. 12 No. 2 (2026); {n}-{n + 8}" for n in (101, 102, 103)}
        if flavour == "ojs"
        else {None}
    )


def test_what_has_no_web_page_is_skipped_and_what_is_deleted_is_counted() -> None:
    site = held(1)
    add(site, 201, START, has_page=False)
    add(site, 202, START, is_deleted=True)
    found = read(site, verb="ListRecords", metadataPrefix="oai_dc")
    assert (len(found.links), found.skipped, found.deleted, found.next) == (1, 1, 1, None)
    assert found.where == "OAI-PMH: 3 records, 1 of them deleted, 1 without a web page"


def test_a_bare_address_and_another_verb_lead_to_the_list() -> None:
    site = held(1)
    assert read(site).next == LIST
    assert read(site, verb="Identify").next == LIST


def test_a_refusal_is_told_in_its_own_words() -> None:
    found = read(held(1), verb="ListRecords", metadataPrefix="marcxml")
    assert found.fault is not None
    assert "cannotDisseminateFormat: The metadata format is not supported" in found.fault
    assert (found.links, found.next, found.is_expired) == ((), None, False)


@pytest.mark.parametrize("half", ["&#xD800;", "&#56320;"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_half_a_character_is_a_replacement(half: str, charset: str) -> None:
    site = held(1)
    _, body, _ = site.repository.run("verb=ListRecords&metadataPrefix=oai_dc")
    text = body.decode().replace("letter from", f"{half} from").replace("UTF-8", charset)
    (link,) = reader_for(source())(text.encode(charset), url=LIST, visited=START).links
    assert link.title == "The 101th \ufffd from the harbour"


@given(st.lists(st.tuples(st.integers(0, 4_000), st.binary(max_size=9)), max_size=6))
def test_no_damage_makes_an_answer_raise(damage: list[tuple[int, bytes]]) -> None:
    site = held(3)
    add(site, 201, START, is_deleted=True)
    _, body, _ = site.repository.run("verb=ListRecords&metadataPrefix=oai_dc")
    for place, strange in damage:
        body = body[:place] + strange + body[place + len(strange) // 2 :]
    oai.read_list(body, url=LIST, visited=START)


@pytest.mark.parametrize(
    "body",
    [b"<html><OAI-PMH></html>", b"<p>OAI-PMH</p>", b"", b"<oai_dc:dc/>"],
)
def test_what_is_no_answer_of_the_protocol_is_not_taken_for_one(body: bytes) -> None:
    assert find_platform(body) != "oai"


@pytest.mark.parametrize(
    ("url", "since", "asked"),
    [
        ("https://a.example/list.html", None, "https://a.example/list.html"),
        ("https://a.example/oai?verb=Identify", None, "https://a.example/oai?verb=Identify"),
        ("{list}", None, "{list}&from=2025-11-22"),
        ("{list}", START, "{list}&from=2026-11-20"),
        ("{list}&set=tides:ART", START, "{list}&set=tides:ART&from=2026-11-20"),
        ("{list}&from=2015-01-01", None, "{list}&from=2015-01-01"),
        ("{list}&from=2015-01-01", START, "{list}&from=2026-11-20"),
    ],
)
def test_a_list_is_asked_for_from_a_day_on(url: str, since: datetime | None, asked: str) -> None:
    whole = "https://a.example/oai?verb=ListRecords&metadataPrefix=oai_dc"
    given = source(url.format(list=whole))
    found = list_address(given.lists[0], given, since=since, now=START)
    assert found == asked.format(list=whole)
    assert (FIRST_SPAN.days, MARGIN.days) == (366, 3)


def test_an_endpoint_keeps_what_its_address_needs_besides() -> None:
    bare = source("https://a.example/index.php?page=oai", platform="oai")
    assert list_address(bare.lists[0], bare, since=START, now=START) == (
        "https://a.example/index.php?page=oai&verb=ListRecords&metadataPrefix=oai_dc&from=2026-11-20"
    )


# --- a walk -----------------------------------------------------------------------------------


def test_every_page_is_walked_and_later_only_what_has_changed_is_asked_for() -> None:
    site = held(7)
    walk, found = site.follow()
    assert (judge(walk.facts)[0], len(site.asked)) == (Outcome.NEW, 3 + 7)
    assert site.asked[0] == f"{LIST.removeprefix(SITE)}&from=2025-11-22"
    assert found == [101, 102, 103, 104, 91, 92, 93]  # in the order of their changes
    walk, found = site.follow()
    assert judge(walk.facts) == (Outcome.UNCHANGED, "the list is as it was")
    assert site.asked == [f"{LIST.removeprefix(SITE)}&from=2026-11-20"]
    add(site, 301, START)
    walk, found = site.follow()
    assert (judge(walk.facts), found) == ((Outcome.NEW, "1 new"), [301])
    assert len(site.asked) == 2
    walk, found = site.follow()
    assert (judge(walk.facts), found) == ((Outcome.UNCHANGED, "nothing new on the list"), [])
    assert len(site.asked) == 1


def test_known_records_hide_no_new_ones_behind_them() -> None:
    """Records are in the order of their changes: a corrected article stands before a new one."""
    site = held(4)
    site.follow()
    site.repository.held = [
        replace(each, changed=START - (4 - place) * timedelta(minutes=1))
        for place, each in enumerate(site.repository.held)
    ]
    add(site, 301, START)
    _, found = site.follow()
    assert found == [301]
    # The same first page again, and something new on the second.
    add(site, 302, START + timedelta(minutes=1))
    _, found = site.follow()
    assert found == [302]


def test_a_journal_that_is_silent_for_longer_than_a_year_is_taken_whole() -> None:
    site = held(4, first=START - 900 * DAY)
    walk, found = site.follow()
    assert (judge(walk.facts)[0], len(found)) == (Outcome.NEW, 4)
    assert "from=" in site.asked[0]
    assert site.asked[1] == LIST.removeprefix(SITE)
    assert site.follow()[1] == []
    assert len(site.asked) == 1


def test_deleted_records_alone_are_no_news_and_are_told() -> None:
    site = held(2)
    site.follow()
    for number in (101, 201, 202, 203):
        add(site, number, START, is_deleted=True)
    walk, found = site.follow()
    told = "the list is as it was (4 deleted records passed over)"
    assert (judge(walk.facts), found) == ((Outcome.UNCHANGED, told), [])


def test_a_record_without_a_page_is_told_until_it_is_behind_us() -> None:
    site = held(2)
    site.follow()
    add(site, 201, START, has_page=False)
    walk, _ = site.follow()
    assert judge(walk.facts) == (Outcome.PARTIAL, "1 rows of the list could not be read")
    site.now += 2 * MARGIN
    site.follow()
    walk, _ = site.follow()
    assert judge(walk.facts)[0] is Outcome.UNCHANGED


def test_an_empty_repository_is_no_success() -> None:
    walk, _ = held(0).follow()
    assert judge(walk.facts)[0] is Outcome.EMPTY


@pytest.mark.parametrize("status", [200, 422])
def test_the_answer_that_nothing_matches_is_no_failure_whatever_its_status(status: int) -> None:
    site = held(2)
    site.follow()
    site.repository.error_status = status
    assert judge(site.follow()[0].facts)[0] is Outcome.UNCHANGED


def test_another_refusal_ends_the_poll_with_its_words() -> None:
    site = held(2)
    site.follow()
    site.repository.refusal = ("badArgument", "set tides:ART is not supported")
    walk, _ = site.follow()
    outcome, reason = judge(walk.facts)
    assert outcome is Outcome.UNREACHABLE
    assert "badArgument: set tides:ART is not supported" in reason
    with pytest.raises(UnreachableError):
        judge_answer(Answer(url=SITE, status=422, headers={}, body=b"<html>", exchanges=()))


def test_a_token_that_is_bad_begins_the_list_again_once() -> None:
    site = held(7)
    answers = site.repository.run

    def run(query: str) -> tuple[int, bytes, str]:
        """The list changes under the first walk of it."""
        if "resumptionToken" in query and len(site.repository.queries) == 1:
            site.repository.expire()
        return answers(query)

    site.repository.run = run  # type: ignore[method-assign]
    walk, found = site.follow()
    assert (judge(walk.facts)[0], len(found)) == (Outcome.NEW, 7)
    assert [bool(each.get("resumptionToken")) for each in site.repository.queries] == [
        False,
        True,
        False,
        True,
        True,
    ]


def test_a_token_that_is_always_bad_leaves_the_rest_for_the_next_visit() -> None:
    site = held(7)
    answers = site.repository.run

    def run(query: str) -> tuple[int, bytes, str]:
        if "resumptionToken" in query:
            site.repository.expire()
        return answers(query)

    site.repository.run = run  # type: ignore[method-assign]
    walk, found = site.follow()
    outcome, reason = judge(walk.facts)
    assert (outcome, found) == (Outcome.PARTIAL, [101, 102, 103])
    assert "badResumptionToken: The resumption token is invalid or expired" in reason
    site.repository.run = answers  # type: ignore[method-assign]
    assert len(site.follow()[1]) == 4  # it begins where the walk that was not whole began


def test_the_newest_come_first_and_no_visit_loses_the_rest() -> None:
    site = held(7)
    few = source(limits=Limits(recheck=(), entries=3))
    assert site.follow(few)[1] == [91, 92, 93]
    assert site.follow(few)[1] == [102, 103, 104]
    assert site.follow(few)[1] == [101]
    assert site.walked is not None


def test_a_list_without_end_is_told_as_a_gap() -> None:
    site = held(7)
    site.repository.page_size = 1
    for number in range(1000, 1000 + PAGES_MOST):
        add(site, number, START)
    walk, _ = site.follow()
    assert len(site.repository.queries) == PAGES_MOST
    assert "possible gap" in judge(walk.facts)[1]


# --- discovery, add and poll ------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("flavour", "start"),
    [("ojs", ojs.ROOT), ("ojs", ENDPOINT["ojs"]), ("dspace", "/")],
)
def test_a_journal_that_has_nothing_but_oai_is_added_and_followed(
    tmp_path: Path, flavour: Flavour, start: str
) -> None:
    bench = Bench(folder=tmp_path)
    now = datetime.now(UTC)
    with open_fake_site() as site:
        repository = Repository(base=site.url, flavour=flavour)
        for place, draft in enumerate(ojs.DRAFTS[1:]):
            repository.add(draft, now - (40 - place) * DAY)
        repository.put_on(site)
        found, followed = bench.add(site.url + start)
        assert followed.lists == (records_address(site.url + ENDPOINT[flavour]),)
        assert (followed.title, followed.language[:2]) == (ojs.TITLE, "en")
        assert len(found.asked) <= 25
        assert replay(followed).differences == ()
        poll, entries = bench.poll()
        assert (poll.outcome, poll.new) == (Outcome.NEW, 6), poll.reason
        assert {(e.title, e.published and e.published.value) for e in entries} == {
            (draft.title, draft.day) for draft in ojs.DRAFTS[1:]
        }
        repository.add(ojs.DRAFTS[0], now)
        repository.add(ojs.DRAFTS[1], now, is_deleted=True)
        repository.put_on(site)
        site.forget()
        poll, entries = bench.poll()
        assert (poll.outcome, poll.reason) == (
            Outcome.NEW,
            "1 new (1 deleted records passed over)",
        )
        assert len(entries) == 7
        assert f"from={(datetime.now(UTC) - MARGIN):%Y-%m-%d}" in site.paths()[0]
        assert len(site.paths()) == 2


def test_a_repository_that_refuses_is_no_possibility_and_no_bug(tmp_path: Path) -> None:
    with open_fake_site() as site:
        repository = Repository(base=site.url, refusal=("badArgument", "not today"))
        repository.put_on(site)
        found = Bench(folder=tmp_path).look(site.url + ENDPOINT["ojs"])
    assert found.possibilities == ()
