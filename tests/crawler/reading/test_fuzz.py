"""Pages that no honest site sends: nothing raises, nothing takes long. The long run is
`make soak-pages`; `python -m benchmarks.fuzz --number N` makes one of its pages again."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.corpus import FOLDER
from benchmarks.fuzz import (
    attempt,
    read_corpus_pages,
    read_own_pages,
    run,
    summary,
    told,
    until_stopped,
)
from benchmarks.mutations import KINDS, LARGEST, Mutation, mutate
from crawler.platforms import reader_for
from crawler.reading.document import read_document
from crawler.reading.page import read_page
from foundation.text import clean
from tests.crawler.reading.pages import PARAGRAPHS, URL, VISITED, article, page, paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.fuzz import Trial

SEED = 20261123
# With 19 kinds about 150 pages.
OF_EACH_KIND = 8

PIECES = st.sampled_from(
    (
        *("<div>", "</div>", "<p>", "</p>", "<table><tr><td>", "</table>", "<ul>", "<li>", "</ul>"),
        *("<a href=/a/1.html>", "<a href='http://['>", "</a>", "<h1>", "</h1>", "<title>", "<br>"),
        *("<script>", "</script>", "<!--", "-->", "<![CDATA[", "<", ">", "&", "&#xD800;", "\x00"),
        *("<meta name=citation_title content='", "<meta charset=", "<base href='//", "'>", '"'),
        *("<time datetime='2026-13-45'>", "<img data-src=x src='data:'>", "<svg><title>", "<pre>"),
        *("<p \x01=1 2>", "<a:b c:d=e>", "<frameset>", "</html><html>", "<template>", "<math><mi>"),
        *(
            "发布时间：2026-02-30",
            "2026年第4期",
            "如需转载，请注明来源。",
            "下一页",
            "来源：",
            "ISSN 1234-",
        ),
        *(" \u3000", "\u202e", "\ufdd0", "\U0001f600", "é́", "[转载]", "《", "——", "1/2/3"),
    )
)
MARKUP = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=60).map("".join)
PROPERTY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def is_bad(number: int, pages: list[bytes], kind: str) -> str | None:
    trial = attempt(mutate(pages, number, seed=SEED, name=kind))
    return told(trial, SEED) if trial.is_bad else None


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_our_own_pages_made_hostile_raise_nothing_and_end_in_time(kind: str) -> None:
    pages = read_own_pages()
    assert [bad for number in range(OF_EACH_KIND) if (bad := is_bad(number, pages, kind))] == []


@pytest.mark.slow
@pytest.mark.corpus
@pytest.mark.skipif(not FOLDER.exists(), reason="needs ../shared/corpus")
@pytest.mark.parametrize("kind", KINDS)
def test_real_pages_made_hostile_raise_nothing_and_end_in_time(kind: str) -> None:
    pages = read_corpus_pages()[::25]
    assert [
        bad for number in range(OF_EACH_KIND // 2) if (bad := is_bad(number, pages, kind))
    ] == []


def test_a_mutation_is_made_again_from_its_number() -> None:
    pages = read_own_pages()
    one, again, other = (mutate(pages, 7, seed=seed) for seed in (1, 1, 2))
    assert one == again
    assert one.name == other.name
    assert len(one.body) <= LARGEST


def test_an_error_and_a_late_reader_are_both_told() -> None:
    def raises(body: bytes) -> None:
        raise ValueError(len(body))

    def is_late(_body: bytes) -> None:
        end = time.process_time() + 0.02
        while time.process_time() < end:
            pass

    mutation = mutate([b"<p>words"], 3, seed=1)
    for reader, said in ((raises, "ValueError"), (is_late, "page 0.0")):
        trial = attempt(mutation, readers={"page": reader}, bound_s=0.01)
        assert trial.is_bad
        assert said in told(trial, 1)
        assert told(trial, 1).startswith("seed 1 number 3 (tags doubled, ")
    assert not attempt(mutation, readers={"page": lambda _: None}, bound_s=0.01).is_bad


def test_what_an_interrupted_run_found_is_told() -> None:
    def interrupted() -> Iterator[Trial]:
        yield from islice(run([b"<p>words"], count=9, seed=1), 2)
        raise KeyboardInterrupt

    said = summary(until_stopped(interrupted()), 1).splitlines()
    assert said[0] == "2 pages of 2 kinds, 0 raised, 0 over 2.0 s"
    assert {line.split(" (")[1].split(",")[0] for line in said[1:]} == {"cut", "front cut off"}


def test_a_run_ends_when_its_time_is_up() -> None:
    assert len(until_stopped(run([b"<p>words"], count=9, seed=1), seconds=0)) == 1


@pytest.mark.slow
def test_a_run_that_is_told_to_end_prints_what_it_found() -> None:
    command = [sys.executable, "-m", "benchmarks.fuzz", "--own", "--kind", "cut", "--count", "9999"]
    with subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as it:
        assert it.stderr is not None
        assert it.stderr.readline() == "50 of 9999\n"
        it.send_signal(signal.SIGTERM)
        said, _ = it.communicate(timeout=30)
    assert " pages of 1 kinds, 0 raised, 0 over 2.0 s\n  seed 1 number " in said


@PROPERTY
@given(st.binary(max_size=400))
def test_no_bytes_make_a_reader_raise(body: bytes) -> None:
    for whole in (body, b"<html><title>" + body, article().replace(b"<p>", b"<p>" + body, 1)):
        assert attempt(Mutation(name="as it is", number=0, body=whole)).error is None


@PROPERTY
@given(MARKUP)
def test_no_markup_makes_a_reader_raise(markup: str) -> None:
    for whole in (markup.encode("utf-8", "surrogatepass"), page(markup)):
        assert attempt(Mutation(name="as it is", number=0, body=whole)).error is None


# --- what the long run found, once each -------------------------------------------------------


def test_an_attribute_that_is_no_name_does_not_matter() -> None:
    spoilt = article().replace(b"<p>", b"<p \xc3\xbe=1 ^=4 {}=d a:b:c=d>")
    raw = read_page(spoilt, url=URL, visited=VISITED)
    assert raw.text is not None
    assert PARAGRAPHS[1] in raw.text


@pytest.mark.parametrize("tag", ["div", "b", "section"])
def test_what_is_nested_without_end_is_moved_up_and_keeps_its_words_in_order(tag: str) -> None:
    nest = f"<{tag}>a<i>i</i>b" * 500 + "<p>x<b>y</b>z</p>end" + f"</{tag}>tail" * 500
    document = read_document(f"<body>{nest}</body>".encode(), url=None)
    said = "aib" * 500 + "xyzend" + "tail" * 500
    assert "".join(document.tree.itertext()) == said
    assert not document.tree.xpath("boolean(" + "/*" * 120 + ")")


@pytest.mark.parametrize("entity", ["&#14;", "&#1", "&#x7f;", "&#xffff;"])
def test_what_may_not_be_written_does_not_stop_the_moving(entity: str) -> None:
    nest = f"<div>a{entity}b<i>i</i>c{entity}d" * 300
    document = read_document(f"<body>{nest}".encode(), url=None)
    assert clean("".join(document.tree.itertext())) == "abicd" * 300


def test_a_deep_article_is_read_like_a_flat_one() -> None:
    deep = article().replace(b"<div id=text>", b"<div id=text>" + b"<div>" * 1_500)
    flat, read = (read_page(each, url=URL, visited=VISITED) for each in (article(), deep))
    assert read.titles[0] == flat.titles[0]
    assert read.text == flat.text


def test_a_page_with_very_many_elements_gives_its_body_as_lines() -> None:
    rows = "".join(f"<p>第{at}段。{PARAGRAPHS[at % 4]}<b>甲</b></p>" for at in range(6_000))
    body = f"<h1>旧码头的新作坊</h1><div id=text>{rows}</div>"
    raw = read_page(page(body), url=URL, visited=VISITED)
    assert raw.body_where == "densest: div#text, lines only"
    assert raw.text is not None
    assert raw.text.count("\n") == 5_999
    assert raw.html is not None
    assert raw.html.startswith("<p>第0段。")
    assert raw.titles[0].text == "旧码头的新作坊"


def test_an_endless_heading_is_no_title() -> None:
    body = f"<h1>{'长' * 3_000}</h1>{paragraphs()}"
    titles = read_page(page(body), url=URL, visited=VISITED).titles
    assert [found.text for found in titles] == ["旧码头的新作坊"]


@pytest.mark.parametrize("place", ["<title>{}</title>", "<p>甲{}乙</p>"])
def test_a_million_blanks_do_not_reach_the_extractor(place: str) -> None:
    body = article(end=place.format(" " * 1_100_000))
    assert read_document(body, url=URL).is_huge
    raw = read_page(body, url=URL, visited=VISITED)
    assert raw.body_where == "densest: div#text"
    assert not read_document(article(head=f"<script>{' ' * 1_100_000}</script>"), url=URL).is_huge


@pytest.mark.parametrize("half", ["&#xD800;", "&#xdfff;", "&#55296;", "&#057343;"])
def test_half_a_character_in_a_feed_is_a_replacement(half: str) -> None:
    item = f"<item><title>旧码头{half}</title><link>https://journal.example/1</link></item>"
    feed = f'<?xml version="1.0"?><rss><channel>{item}</channel></rss>'.encode()
    (link,) = reader_for(None)(feed, url=URL, visited=VISITED).links
    assert link.title == "旧码头\ufffd"


def test_hidden_elements_one_inside_the_other_are_not_counted_one_by_one() -> None:
    nest = "<div style='display:none'>" * 80 + "<i>字</i>" * 60_000
    document = read_document(page(nest), url=URL)
    started = time.process_time()
    assert document.hidden
    assert time.process_time() - started < 1


def test_no_more_is_read_in_lines_than_a_book_has() -> None:
    endless = "如需转载，请注明来源。" * 400_000
    lines = read_document(article(end=f"<p>{endless}</p>"), url=URL).lines
    assert sum(len(line.text) for line in lines) == 1_000_000
    assert lines[-1].text.startswith("如需转载")
    assert [line.text for line in lines[-5:-1]] == list(PARAGRAPHS)
