"""`python -m benchmarks [NAME…]`: measure, print, and write RESULTS.md (when all were measured)."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import TYPE_CHECKING

from benchmarks.corpus import FOLDER
from benchmarks.measure import Row, Section, beside, run
from benchmarks.server import HOSTS, on_host, open_server

if TYPE_CHECKING:
    from collections.abc import Callable

RESULTS = Path(__file__).parent / "RESULTS.md"
LIBRARIES = ("scrapy", "twisted", "aiohttp", "sqlalchemy", "lxml", "trafilatura", "feedgen")
KNOWN = 20


def articles(base: str) -> list[str]:
    """Article pages, on as many hosts as the service visits side by side."""
    return [f"{on_host(base, number)}/a/{number}" for number in range(3 * HOSTS)]


def lists(base: str) -> list[str]:
    """The list pages that `unchanged` polls, on as many hosts."""
    return [
        f"{on_host(base, number)}/s/{number}/list/{number * KNOWN}/{KNOWN}"
        for number in range(HOSTS)
    ]


def ms(value: float) -> str:
    return f"{value:.2f} ms"


def fetching(base: str) -> Section:
    told = beside(
        bare=("bare", 600, *articles(base)),
        reactor=("fetching", base, 600, "reactor"),
        asyncio=("fetching", base, 600, "asyncio"),
    )
    bare = told["bare"]["ms"]
    return Section(
        title="Fetching in the service, capture apart",
        words=f"A 40 kB article page; {HOSTS} polls at once on {HOSTS} hosts, robots.txt, guard "
        "and pace included. Bare: a default Scrapy crawl of the same pages.",
        rows=[
            Row(
                what=f"{name}, a page",
                ours=ms(told[way]["ms"]),
                bare=ms(bare),
                figure=told[way]["ms"] / bare,
                bound=bound,
            )
            for name, way, bound in (
                ("with the reactor", "reactor", 0.70),
                ("without it", "asyncio", 0.60),
            )
        ],
    )


def unchanged(base: str) -> Section:
    told = beside(
        bare=("bare", 800, *lists(base)),
        one=("bare", 800, f"{base}/list/0/{KNOWN}"),
        new=("polling", "unchanged", base, 1600),
        old=("polling", "unchanged-old", base, 1600),
    )
    bare = told["bare"]["ms"]
    files = told["new"]["files"] + told["old"]["files"]
    return Section(
        title="Unchanged poll",
        words=f"Through House.poll, store included: {HOSTS} sources on {HOSTS} hosts, polled side "
        "by side as the service does. Bare: a default Scrapy crawl of the same list pages "
        f"({ms(told['one']['ms'])} where all are on one host).",
        rows=[
            Row(
                what="list answered 304, a poll",
                ours=ms(told["new"]["ms"]),
                bare=ms(bare),
                figure=told["new"]["ms"] / bare,
                bound=0.6,
            ),
            Row(
                what="site without validators, a poll",
                ours=ms(told["old"]["ms"]),
                bare=ms(bare),
                figure=told["old"]["ms"] / bare,
                bound=0.6,
            ),
            Row(what="files written", ours=str(files), bare="-", figure=files, bound=0, unit=""),
        ],
    )


def new_article(base: str) -> Section:
    told = beside(
        bare=("bare", 600, *articles(base)),
        new=("polling", "new", base, 20),
        alone=("polling", "new-alone", base, 40),
    )
    bare, new, alone = told["bare"]["ms"], told["new"], told["alone"]
    return Section(
        title="New article of 40 kB, from request to published feed",
        words="Request, capture, reading, normalising, store, and the three documents of a journal "
        f"with 30 full texts. {HOSTS} sources side by side, each with a new article; the feed of "
        "everything follows once for all of them, as at a tick of the service. Then one source "
        "alone, with a feed of everything for its one article. The body extractor (trafilatura) "
        f"apart: {ms(new['extractor'])} more. Ours by part, side by side: {parts_of(new)}; alone: "
        f"{parts_of(alone)}. Bare: a default Scrapy request of the same page.",
        rows=[
            Row(
                what=what,
                ours=ms(each["ms"] - each["extractor"]),
                bare=ms(bare),
                figure=(each["ms"] - each["extractor"]) / bare,
                bound=6,
            )
            for what, each in (("an article, side by side", new), ("an article alone", alone))
        ],
    )


def parts_of(told: dict[str, float]) -> str:
    """What of an article's way costs how much."""
    reading = told["keep"] - told["extractor"]
    return (
        f"request {ms(told['request'])}, capture, reading and keeping {ms(reading)}, "
        f"publishing {ms(told['publish'])}"
    )


def archiving(base: str) -> Section:
    told = beside(3, ours=("archiving", base, 10))["ours"]
    whole, part = told["ms"], told["archive"]
    real = run("archiving", "corpus") if FOLDER.is_dir() else None
    return Section(
        title="What the archive adds to a new article",
        words="Of the CPU of its whole way, from request to published feeds, the body extractor "
        "apart; and of its bytes: the WARC files against the pages as gzip sends them (ARCHIVE.md "
        f"line 32). Of the bytes a page, {kilobytes(told['seen'])} "
        + (f"and {kilobytes(real['seen'])} " if real else "")
        + "are metadata records: what was made of the page, with which the store can be made "
        "again, and the log of events. Pictures and style sheets apart; the list of those that a "
        "real page names is 0.6 kB of its record more.",
        rows=[
            Row(
                what="CPU, of the whole way",
                ours=ms(part),
                bare=ms(whole),
                figure=part / whole,
                bound=0.25,
            ),
            *(
                Row(
                    what=f"bytes, {what}",
                    ours=kilobytes(each["kept"]),
                    bare=kilobytes(each["sent"]),
                    figure=each["kept"] / each["sent"],
                    bound=1.1,
                )
                for what, each in (
                    ("real article pages", real),
                    ("a page that is mostly text, of signs drawn at random", told),
                )
                if each is not None
            ),
        ],
    )


def kilobytes(value: float) -> str:
    return f"{value / 1000:.1f} kB"


def learning(_: str) -> Section:
    runs = [run("learning", 60) for _ in range(5)]
    told = {name: min(each[name] for each in runs) for name in runs[0]}
    return Section(
        title="Reading a page, before and after its source is known",
        words="From bytes to the entry: a 40 kB page whose frame (370 links) is most of it. By the "
        f"learned profile it takes {told['ms'] / told['whole']:.2f} × of the thorough way, body "
        "included. The bounds are milliseconds; on a slower machine they grow with it.",
        rows=[
            Row(what=what, ours=ms(spent), bare="-", figure=spent, bound=bound, unit="ms")
            for what, spent, bound in (
                ("the thorough way, without the body", told["bare"], 12),
                ("the thorough way, with it", told["whole"], 40),
                ("by the profile, with it", told["ms"], 8),
            )
        ],
    )


def long_lived(base: str) -> Section:
    told = beside(bare=("crawlers", base, 60, "object"), ours=("crawlers", base, 60, "long-lived"))
    bare, ours = told["bare"]["ms"], told["ours"]["ms"]
    return Section(
        title="One list page and five new articles",
        words="Fetched, reading apart. Bare: a crawler object for each poll, with the settings of "
        "the service.",
        rows=[Row(what="a poll", ours=ms(ours), bare=ms(bare), figure=ours / bare, bound=0.65)],
    )


def choosing(_: str) -> Section:
    told = beside(few=("choosing", 100), many=("choosing", 10_000))
    few, many = told["few"]["ms"], told["many"]["ms"]
    return Section(
        title="Choosing and starting 16 due sources",
        words="A wake of the service among 10,000 sources; bare is the same among 100. Apart from "
        "it, once a tick, the journals' folder is looked at for files that changed: "
        f"{ms(told['many']['folder'])} for 10,000 files, in a thread of its own.",
        rows=[Row(what="a wake", ours=ms(many), bare=ms(few), figure=many / few, bound=1.2)],
    )


def searching(_: str) -> Section:
    count = 100_000
    told = run("searching", count, timeout_seconds=3600)
    size = {name: each / told["text"] for name, each in told["sizes"].items()}
    return Section(
        title=f"Searching among {count:,} Chinese articles of 5 kB",
        words="The 20 best entries, titles first, and how many there are (up to 10,000); median of "
        f"all searches {ms(told['median'])}, 95th percentile {ms(told['p95'])}. Beside the text "
        f"itself: the index of bigrams {size['index']:.2f} × its bytes, the folded text "
        f"{size['texts']:.2f} ×, the catalogue {size['catalogue']:.2f} ×. Made anew, the catalogue "
        f"takes {ms(told['filling'])} an article.",
        rows=[
            *(
                Row(
                    what=f"{what} ({each['found']:,} found)",
                    ours=ms(each["ms"]),
                    bare="-",
                    figure=each["ms"],
                    bound=150,
                    unit="ms",
                )
                for what, each in told["searches"].items()
            ),
            Row(
                what="what the catalogue adds to keeping an article",
                ours=ms(told["adding"]),
                bare="-",
                figure=told["adding"],
                bound=1,
                unit="ms",
            ),
        ],
    )


def publishing(_: str) -> Section:
    told = run("publishing", 1_000, timeout_seconds=1800)
    own, common, rendering, closing = (
        told[name] for name in ("own", "common", "rendering", "closing")
    )
    return Section(
        title="One of 1,000 journals has changed",
        words="12 articles of 5 kB a journal, 20 groups, 5 searches with names. Its own feeds: "
        f"{ms(own['ms'])}, {own['files']} files; what shows many journals, once a tick: "
        f"{ms(common['ms'])}, {common['files']} files. 50 entries in three formats, none kept: "
        f"{ms(rendering)}. The end of a month: {ms(closing['closing'])} a journal to close it, "
        "then "
        f"{ms(closing['writing'])} to write its document and its head.",
        rows=[
            Row(
                what="folders in which its own publication writes",
                ours=str(len(own["folders"])),
                bare="-",
                figure=len(own["folders"]),
                bound=1,
                unit="",
            ),
        ],
    )


def serving(_: str) -> Section:
    kinds = {"whole": "200", "gzip": "gzip", "held": "304"}
    told = {
        kind: beside(
            rounds=3,
            ours=("serving", "ours", what),
            bare=("serving", "bare", what),
            nginx=("serving", "nginx", what),
            plain=("serving", "bare-nginx", what),
        )
        for kind, what in kinds.items()
    }
    return Section(
        title="Serving a feed of 40 kB",
        words="CPU a request under wrk (16 connections, 3 s), server and wrk on a core each, 1,000 "
        "sources. Bare: Starlette with the bytes in memory, and its ETag; nginx with a root and "
        "gzip_static. Ours says type, freshness, links and safety beside: bounds are those of the "
        "issue, 0.8 × and 0.9 × as many requests a second. Requests a second, ours and bare: "
        + "; ".join(f"{kinds[kind]} {rates_of(each)}" for kind, each in told.items())
        + ".",
        rows=[
            Row(
                what=f"{name}, {kinds[kind]}",
                ours=ms(each[ours]["ms"]),
                bare=ms(each[bare]["ms"]),
                figure=each[ours]["ms"] / each[bare]["ms"],
                bound=bound,
            )
            for name, ours, bare, bound in (
                ("our server", "ours", "bare", 1.25),
                ("nginx with deploy/nginx.conf", "nginx", "plain", 1.11),
            )
            for kind, each in told.items()
        ],
    )


def rates_of(told: dict[str, dict[str, float]]) -> str:
    """Requests a second of both servers, each beside its bare one."""
    rate = {name: f"{each['rate']:,.0f}" for name, each in told.items()}
    return f"{rate['ours']} and {rate['bare']}, nginx {rate['nginx']} and {rate['plain']}"


def idle(_: str) -> Section:
    told = run("idle", 1000)
    mb = told["mb"]
    return Section(
        title="The service at rest",
        words="`kanliu run` with 1,000 sources, none due, 15 s after its pages are served; "
        f"{told['visited']:.0f} MB after somebody has looked at the landing page.",
        rows=[Row(what="resident", ours=f"{mb:.0f} MB", bare="-", figure=mb, bound=200, unit="MB")],
    )


def helping(_: str) -> Section:
    spent = min(_cpu_of_help() for _ in range(5))
    return Section(
        title="`kanliu --help`",
        words="CPU of the whole process, interpreter included.",
        rows=[
            Row(
                what="an answer",
                ours=f"{spent:.2f} s",
                bare="-",
                figure=spent,
                bound=0.3,
                unit="s",
            )
        ],
    )


def _cpu_of_help() -> float:
    before = getrusage(RUSAGE_CHILDREN)
    kanliu = Path(sys.executable).parent / "kanliu"
    subprocess.run([kanliu, "--help"], stdout=subprocess.DEVNULL, check=True)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


SECTIONS: dict[str, Callable[[str], Section]] = {
    "fetching": fetching,
    "unchanged": unchanged,
    "new": new_article,
    "learning": learning,
    "long-lived": long_lived,
    "archiving": archiving,
    "choosing": choosing,
    "searching": searching,
    "publishing": publishing,
    "serving": serving,
    "idle": idle,
    "help": helping,
}

#: Why a figure falls short, for whoever wants to mend it. Empty where all is kept.
SHORT: dict[str, str] = {
    "archiving": (
        "the metadata record holds the article once more, as it was read: its text and its "
        "markup. That is what a store is made again from, whatever the rules are by then, and "
        "what a reader of the file finds without our software. Request, heads and the page alone "
        "are 1.04 × of real pages. A WARC record is a member of its own in the file, so that the "
        "text in the page beside it saves nothing; to say it by its places in the page would keep "
        "the bound and need our software to be read."
    ),
    "searching": (
        "an article of 1,700 letters has some 1,300 different bigrams. Making them takes 0.4 ms, "
        "FTS5 a millisecond to take them in and merge them later, the rows of catalogue, labels "
        "and text 0.3. To index 64 articles in one transaction would save a fifth of FTS5's part; "
        "single letters instead of bigrams two thirds, and common words would take a second to "
        "find."
    ),
    "unchanged": (
        "a site without validators sends its page again, and then nearly all of the cost is "
        "Scrapy's own request. Where the site answers 304, the bound holds."
    ),
    "new": (
        "reading by the learned profile and normalising are half of keeping. Behind them come, in "
        "this order: the store's commit with the index of words (2.4), the digests of what feeds "
        "are compressed from (1.4), the catalogue (1.0), parsing the page again for what it needs "
        "to be shown (1.0), the waits for the disk (0.8), renaming three files for each journal "
        "(0.6), and the search for the same article in other sources (0.6). What is left to try: "
        "one transaction and one sync for the articles of a poll, hashing a rendition once, and "
        "handing on the parsed page. All of it together would not reach the bound."
    ),
}


def document(sections: dict[str, Section]) -> str:
    """RESULTS.md."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    lines = [
        "# What Kanliu costs, beside the bare thing",
        "",
        "Written by `make bench`; not edited by hand.",
        "CPU time, ours and the bare thing's in turns in the same minutes.",
        "The cheapest of several runs of each: what else a machine does can only add.",
        "Read the ratios: the milliseconds are this machine's.",
        "A figure that is not kept stays here, with why.",
        "",
        (
            f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, "
            f"{platform.system()} {platform.release()}, Python {platform.python_version()}, "
            f"{libraries}."
        ),
    ]
    for name, section in sections.items():
        lines += ["", f"## {section.title}", section.words, ""]
        lines += ["| | ours | bare | figure | bound | kept |", "|---|---|---|---|---|---|"]
        lines += [str(row) for row in section.rows]
        if name in SHORT and not all(row.is_kept for row in section.rows):
            lines += ["", f"Not kept: {SHORT[name]}"]
    return "\n".join(lines) + "\n"


def main() -> None:
    names = sys.argv[1:] or list(SECTIONS)
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        sys.exit(f"no measurement {', '.join(unknown)}; there are: {', '.join(SECTIONS)}")
    sections = {}
    with open_server() as base:
        for name in names:
            print(f"{name} …", flush=True)
            sections[name] = SECTIONS[name](base)
            for row in sections[name].rows:
                print(f"  {row.short}", flush=True)
    if list(sections) == list(SECTIONS):
        RESULTS.write_text(document(sections), "utf-8")
        print(f"written: {RESULTS}")


if __name__ == "__main__":
    main()
