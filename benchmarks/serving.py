"""A 40 kB feed from our server and from a bare Starlette app that returns the same bytes, under
wrk, each on one core: `python -m benchmarks.serving ours|bare|nginx|bare-nginx 200|gzip|304`.

Prints requests a second and CPU a request. `compressing` prints what the siblings of the three
documents of a journal cost.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from archive.store import Store
from benchmarks.pages import paragraph
from feeds.compress import compress, compress_file, uncompressed_files
from feeds.write import SUFFIXES, write_if_changed
from foundation.settings import Settings
from sources.model import Source
from web.app import make_app
from web.serve import serve
from web.validators import etag_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.requests import Request

SECONDS = 3
CONNECTIONS = 16
SIZE_BYTES = 40_000
PATH = "/measured/atom.xml"
SERVER_CORE, CLIENT_CORE = 0, 1
SITE = Path(__file__).parent.parent / "deploy" / "nginx.conf"

_BARE_SITE = """
server {{
    listen 127.0.0.1:{port};
    root {public};
    {gzip}
}}
"""
_NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log crit;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{site}
}}
"""


def feed() -> bytes:
    """An Atom document of 40 kB, set as ours are."""
    entries: list[str] = []
    size = 0
    while size < SIZE_BYTES:
        number = len(entries)
        text = "".join(f"&lt;p&gt;{paragraph(number, at)}&lt;/p&gt;" for at in range(3))
        entries.append(f"  <entry>\n    <id>tag:x,2026:{number}</id>\n{text}\n  </entry>\n")
        size += len(entries[-1].encode())
    link = f'<link rel="self" href="http://127.0.0.1:8000{PATH}"/>'
    head = f'<feed xmlns="http://www.w3.org/2005/Atom">\n  {link}\n'
    return (head + "".join(entries) + "</feed>\n").encode()


def lay_out(data: Path) -> Settings:
    """A published tree with that one feed."""
    settings = Settings(data=data)
    write_if_changed(settings.public / PATH[1:], feed())
    for file in list(uncompressed_files(settings.public)):
        compress_file(file)
    return settings


def ours(settings: Settings) -> Any:
    """The app as `kanliu serve` makes it, with as many sources as a large house has."""
    store = Store.open(settings.database_url)
    ids = [*(f"s{number}" for number in range(1000)), "measured"]
    sources = tuple(Source(id=each, title=each, lists=("https://x.example/",)) for each in ids)
    return make_app(settings, store, lambda: sources)


def bare(settings: Settings) -> Any:
    """Starlette with the bytes in memory, and nothing else."""
    plain = (settings.public / PATH[1:]).read_bytes()
    pressed = compress("gzip", plain)
    tags = {"identity": etag_of(plain), "gzip": etag_of(pressed)}

    async def answer(request: Request) -> Response:
        coding = "gzip" if "gzip" in request.headers.get("accept-encoding", "") else "identity"
        headers = {"ETag": tags[coding], "Content-Type": "application/atom+xml; charset=utf-8"}
        if request.headers.get("if-none-match") == tags[coding]:
            return Response(status_code=304, headers=headers)
        if coding == "gzip":
            return Response(pressed, headers={**headers, "Content-Encoding": "gzip"})
        return Response(plain, headers=headers)

    return Starlette(routes=[Route(PATH, answer)])


APPS: dict[str, Callable[[Settings], Any]] = {"ours": ours, "bare": bare}


def run_app(name: str, data: str) -> None:
    """The server's process: prints its address and serves until it is told to stop."""

    async def run() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        app = APPS[name](Settings(data=Path(data)))
        ready = lambda address: print(address, flush=True)  # noqa: E731
        await serve(app, host="127.0.0.1", port=0, stop=stop, ready=ready)

    asyncio.run(run())


@contextlib.contextmanager
def open_app(name: str, settings: Settings) -> Iterator[tuple[str, int]]:
    """Address and process id of a server on a core of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.serving", "serve", name, str(settings.data)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        os.sched_setaffinity(process.pid, {SERVER_CORE})
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process.pid
    finally:
        process.terminate()
        process.wait(20)


@contextlib.contextmanager
def open_nginx(name: str, settings: Settings) -> Iterator[tuple[str, int]]:
    """The same with nginx: `nginx` reads deploy/nginx.conf, `bare-nginx` has one root."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    assert nginx is not None, "apt-get install nginx-light"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if name == "nginx":
        site = SITE.read_text("utf-8").replace("listen 80;", f"listen 127.0.0.1:{port};")
        site = site.replace("/var/lib/kanliu/public", str(settings.public.absolute()))
    else:
        public = settings.public.absolute()
        site = _BARE_SITE.format(port=port, public=public, gzip="gzip_static on;")
    folder = settings.data / name
    folder.mkdir()
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, site=site), "utf-8")
    process = subprocess.Popen(
        [nginx, "-p", str(folder), "-e", str(folder / "log"), "-c", str(folder / "nginx.conf")]
    )
    try:
        os.sched_setaffinity(process.pid, {SERVER_CORE})
        time.sleep(0.5)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(20)


def request_headers(address: str, what: str) -> dict[str, str]:
    """What a reader sends: for `304` the tag that it was given."""
    headers = {"Accept-Encoding": "gzip" if what == "gzip" else "identity"}
    if what == "304":
        headers["If-None-Match"] = httpx.get(address + PATH, headers=headers).headers["etag"]
    expected = 304 if what == "304" else 200
    assert httpx.get(address + PATH, headers=headers).status_code == expected
    return headers


def measure(address: str, pid: int, what: str) -> dict[str, float]:
    """Requests a second, and milliseconds of CPU a request."""
    headers = request_headers(address, what)
    words = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    before = cpu_seconds(pid)
    done = subprocess.run(
        [
            *("taskset", "-c", str(CLIENT_CORE), "wrk", "-t1"),
            *(f"-c{CONNECTIONS}", f"-d{SECONDS}s", *words, address + PATH),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    spent = cpu_seconds(pid) - before
    total = re.search(r"(\d+) requests in", done.stdout)
    rate = re.search(r"Requests/sec:\s*([\d.]+)", done.stdout)
    assert total is not None, done.stdout
    assert rate is not None, done.stdout
    return {"ms": spent * 1000 / int(total[1]), "rate": float(rate[1])}


def cpu_seconds(pid: int) -> float:
    """What a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def compressing() -> dict[str, float]:
    """The siblings of three documents of 40 kB."""
    document = feed()
    spent = []
    for _ in range(20):
        begun = time.process_time()
        for _ in range(3):
            for coding in SUFFIXES:
                compress(coding, document)
        spent.append(time.process_time() - begun)
    return {"ms": min(spent) * 1000}


def main() -> None:
    name, *words = sys.argv[1:]
    if name == "serve":
        run_app(*words)
        return
    if name == "compressing":
        print(json.dumps(compressing()))
        return
    with tempfile.TemporaryDirectory(prefix="kanliu-bench-") as folder:
        # nginx gives up root for a user that must reach the tree.
        Path(folder).chmod(0o755)
        settings = lay_out(Path(folder))
        opened = open_app if name in APPS else open_nginx
        with opened(name, settings) as (address, pid):
            print(json.dumps(measure(address, pid, words[0])))


if __name__ == "__main__":
    main()
