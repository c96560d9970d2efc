"""A real nginx on 127.0.0.1 with deploy/nginx.conf, over a tree and a Kanliu of the test's own."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SITE = Path(__file__).parents[2] / "deploy" / "nginx.conf"
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")

#: Debian's is not on the path of everybody.
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")

_MAIN = """
{modules}
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
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


@contextlib.contextmanager
def open_nginx(
    folder: Path, *, public: Path, kanliu: str, public_url: str, brotli: bool = False
) -> Iterator[str]:
    """Serve `public`, the rest from the address `kanliu`; the address of nginx is yielded."""
    port = _free_port()
    site = SITE.read_text("utf-8")
    for shipped, ours in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("root /var/lib/kanliu/public;", f"root {public};"),
        ('"https://feeds.example"', f'"{public_url}"'),
        ("server 127.0.0.1:8000;", f"server {kanliu.removeprefix('http://')};"),
        *((("# brotli_static on;", "brotli_static on;"),) if brotli else ()),
    ):
        assert site.count(shipped) == 1, shipped
        site = site.replace(shipped, ours)
    modules = f"load_module {BROTLI};" if brotli else ""
    with run_nginx(folder, _MAIN.format(modules=modules, folder=folder, site=site), port):
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def run_nginx(folder: Path, configuration: str, port: int) -> Iterator[None]:
    """nginx in the foreground, ended by its own id."""
    assert NGINX is not None
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nginx.conf").write_text(configuration, "utf-8")
    process = subprocess.Popen(
        [
            NGINX,
            "-p",
            str(folder),
            "-e",
            str(folder / "error.log"),
            "-c",
            str(folder / "nginx.conf"),
        ],
        stderr=subprocess.PIPE,
    )
    try:
        _wait_for(port, process)
        yield
    finally:
        process.terminate()
        _, told = process.communicate(timeout=10)
        assert b"[emerg]" not in told, told.decode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise AssertionError("nginx did not start")
