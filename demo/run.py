"""`kanliu demo`: the sample site, the service and the pages in one process, and what a person sees
of them. Uses the service as an operator does; nothing in it knows that this is a demo."""

from __future__ import annotations

import asyncio
import logging
import re
import tempfile
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from archive.model import Outcome
from crawler.service import run_loop
from demo.site import EVERY, JOURNALS, make_site, write_journals
from foundation.errors import StoreError
from foundation.settings import Settings
from house.rooms import open_house
from house.visits import poll_once
from scheduler import Loop, serve_pages, set_up_logging, stop_on_signals
from terminal import console, names, print_found, printed_day
from web.serve import address_of, open_listener, serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from demo.site import DemoSite
    from house.rooms import House

log = logging.getLogger("demo")

HOST = "127.0.0.1"
#: What a person reads when something happens on the sample site.
WORDS = {
    "new": "the journal publishes a new article",
    "corrected": "the journal corrects an article",
    "retitled": "the journal changes a title",
    "withdrawn": "the journal withdraws an article",
}
#: `unchanged` when the demo is run again over the data of an earlier one.
GOOD = (Outcome.NEW, Outcome.UNCHANGED)


def run_demo(*, once: bool, data: Path | None, port: int) -> int:
    """Run the demo; the exit code is 0 when all three journals were read and published.

    `data` None means a folder of its own under the system's temporary one, which stays.
    """
    folder = data or Path(tempfile.mkdtemp(prefix="kanliu-demo-"))
    journals = folder / "journals"
    if (folder / "kanliu.sqlite").exists() and not (journals / f"{JOURNALS[0].ID}.toml").exists():
        raise StoreError(f"{folder} holds an archive that is not a demo's. Choose another: --data")
    settings = Settings(
        data=folder,
        journals=journals,
        host=HOST,
        # With `once` no page is served, so whoever has the port may keep it.
        port=port if once and port else free_port(port),
        allow_addresses=(f"{HOST}/32",),
        delay=timedelta(0),
        tick=timedelta(seconds=2),
    )
    settings = replace(settings, public_url=f"http://{HOST}:{settings.port}")
    return run_loop(lambda: demo(settings, once=once), reactor=settings.reactor)


async def demo(settings: Settings, *, once: bool) -> int:
    """Site up, first round, table; then, unless `once`, go on until Ctrl-C."""
    set_up_logging("WARNING" if once else "INFO")
    logging.getLogger("crawler.poll").addFilter(is_news)
    stop = asyncio.Event()
    site = make_site(datetime.now(UTC))
    port = port_before(settings.journals)
    async with serving(site, stop, port) as base, open_house(settings, "kanliu demo") as house:
        write_journals(settings.journals, base)
        await house.refresh()
        console().print(f"Three sample journals are served at [bold]{base}[/]. Polling them …")
        polls = await poll_once(house, house.sources)
        show(house)
        bad = [poll for poll in polls if poll.outcome not in GOOD]
        for poll in bad:
            console().print(f"{poll.source_id}: {poll.outcome}: {poll.reason}", soft_wrap=True)
        if once:
            return 1 if bad else 0
        console().print(f"\nEverything is kept in {settings.data}.", soft_wrap=True)
        # Until here a signal ends the demo; from here on that is how it ends well.
        with stop_on_signals(stop):
            await go_on(house, site, stop)
    return 0


@asynccontextmanager
async def serving(site: DemoSite, stop: asyncio.Event, port: int = 0) -> AsyncIterator[str]:
    """The sample site on this port of this machine, or a free one for 0; gives its address."""
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    task = asyncio.ensure_future(
        serve(site.app, host=HOST, port=port, stop=stop, ready=ready.set_result)
    )
    await asyncio.wait((task, ready), return_when=asyncio.FIRST_COMPLETED)
    try:
        if not ready.done():
            await task  # it could not listen, and says why
        yield await ready
    finally:
        stop.set()
        await asyncio.wait({task})


def show(house: House) -> None:
    """What was found, journal by journal, and where the feeds are."""
    for source in house.sources:
        entries = house.store.entries(source.id, limit=house.settings.entries)
        rows = [
            {
                "day": printed_day(each.entry),
                "title": each.entry.title or "?",
                "authors": names(each.entry.authors),
                "notice": each.entry.notice.class_.value if each.entry.notice else "none",
            }
            for each in entries
        ]
        print_found(f"{source.title} ({source.id}, {len(entries)} articles)", rows)
        for name in ("rss.xml", "atom.xml", "feed.json"):
            console().print(f"  {house.settings.public / source.id / name}", soft_wrap=True)


async def go_on(house: House, site: DemoSite, stop: asyncio.Event) -> None:
    """Serve the pages, keep polling, and let the journals publish now and then."""
    console().print(f"\nOpen [bold]{house.settings.public_url}[/] in a browser. Ctrl-C ends it.")
    console().print(
        f"Every {EVERY.seconds} s something happens on the sample site: a new article, "
        "a correction, a withdrawal. Watch the feeds follow.\n"
    )
    jobs = [
        asyncio.ensure_future(job)
        for job in (Loop(house).run(stop), serve_pages(house, stop), happen(site, stop))
    ]
    try:
        await asyncio.gather(*jobs)
    finally:
        stop.set()
        await asyncio.wait(jobs)


def is_news(record: logging.LogRecord) -> bool:
    """Whether a poll's line says something: in a demo, three a minute that do not are too many."""
    return not isinstance(record.args, tuple) or Outcome.UNCHANGED.value not in record.args


async def happen(site: DemoSite, stop: asyncio.Event) -> None:
    """Let the site's script run by the clock, and say what happens there."""
    while not stop.is_set():
        for happening in site.advance(datetime.now(UTC)):
            log.info("%s: %s", WORDS.get(happening.kind, happening.kind), happening.title)
        try:
            await asyncio.wait_for(stop.wait(), 1)
        except TimeoutError:
            continue


def port_before(journals: Path) -> int:
    """The port at which an earlier demo over the same data had its site: the articles that it kept
    are looked at again there. 0 where there was none, or where somebody has it now."""
    try:
        written = (journals / f"{JOURNALS[0].ID}.toml").read_text("utf-8")
    except FileNotFoundError:
        return 0
    found = re.search(rf"http://{re.escape(HOST)}:(\d+)", written)
    try:
        return free_port(int(found[1])) if found else 0
    except StoreError:
        return 0


def free_port(port: int) -> int:
    """This port, or any for 0, if nobody listens on it now.

    Raises:
        StoreError: somebody does; it says what to do.
    """
    listener = open_listener(HOST, port)
    try:
        return int(address_of(listener).rpartition(":")[2])
    finally:
        listener.close()
