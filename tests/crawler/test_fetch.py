"""One request at a time against a site with bad manners, with and without the Twisted reactor."""

from __future__ import annotations

import gzip
import json
import os
import ssl
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.fake_site import FakeSite, open_fake_site

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

pytestmark = pytest.mark.slow

LOOPBACK = "127.0.0.1/32"


def fetch(
    way: str,
    *addresses: str,
    allowed: str = LOOPBACK,
    robots: bool = True,
    environ: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    asked = [way if robots else f"{way}-no-robots", allowed, *addresses]
    done = subprocess.run(
        [sys.executable, "-m", "tests.crawler.fetching", *asked],
        env={**os.environ, **(environ or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return told


@pytest.fixture(params=["reactor", "asyncio"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def site() -> Iterator[FakeSite]:
    with open_fake_site() as site:
        yield site


def test_a_page_comes_with_its_bytes_as_on_the_wire(way: str, site: FakeSite) -> None:
    packed = gzip.compress("刊流".encode())
    site.bare("/a", packed, Content_Encoding="gzip", Content_Type="text/html")
    (told,) = fetch(way, f"{site.url}/a")
    assert told["body"].encode("latin-1").decode() == "刊流"
    assert told["wire"] == packed.hex()


def test_every_request_says_who_asks_and_how_to_reach_them(way: str, site: FakeSite) -> None:
    site.page("/a", "<p>page</p>")
    fetch(way, f"{site.url}/a")
    assert [each.path for each in site.asked] == ["/robots.txt", "/a"]
    for asked in site.asked:
        assert asked.headers["user-agent"].startswith("Kanliu/")
        assert "mailto:operator@library.example" in asked.headers["user-agent"]
        assert "cookie" not in asked.headers


def test_a_page_that_did_not_change_is_not_sent_again(way: str, site: FakeSite) -> None:
    site.page("/a", "<p>page</p>", ETag='"v1"')
    _, again = fetch(way, f"{site.url}/a", f'{site.url}/a "v1"')
    assert (again["status"], again["body"]) == (304, "")


def test_a_redirect_is_followed_and_both_answers_are_kept(way: str, site: FakeSite) -> None:
    site.redirects("/old", "/new", status=301)
    site.page("/new", "<p>page</p>")
    (told,) = fetch(way, f"{site.url}/old")
    assert told["url"] == f"{site.url}/new"
    assert told["exchanges"] == [301, 200]


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (401, "RefusedError", "refuses"),
        (403, "RefusedError", "refuses"),
        (404, "MissingError", "was not found"),
        (410, "GoneError", "gone for good"),
        (451, "RefusedError", "refuses"),
        (500, "UnreachableError", "answered 500"),
        (503, "UnreachableError", "asks to wait"),
    ],
)
def test_a_status_is_told_as_what_it_means(
    site: FakeSite, status: int, error: str, words: str
) -> None:
    site.bare("/a", "<p>no</p>", status=status)
    (told,) = fetch("asyncio", f"{site.url}/a")
    assert told["error"] == error
    assert words in told["words"]


def test_bad_manners_are_told_apart_in_words(way: str, site: FakeSite) -> None:
    site.never_answers("/tarpit")
    site.resets("/reset")
    site.redirects("/loop", "/loop")
    site.sends_megabytes("/big", 200)
    site.sends_gzip_bomb("/bomb", 50)
    paths = ["/tarpit", "/reset", "/loop", "/big", "/bomb"]
    told = fetch(way, *(site.url + path for path in paths), "http://no-such-host.invalid/")
    assert {each["error"] for each in told} == {"UnreachableError"}
    words = [each["words"] for each in told]
    assert "did not answer in time" in words[0]
    assert "connection broke" in words[1]
    assert "redirects without end" in words[2]
    assert "larger than the limit" in words[3]
    assert "unpacks to more than the limit" in words[4]
    assert "name could not be resolved" in words[5]


@pytest.mark.parametrize("robots", ["robots", "no-robots"])
def test_what_is_no_address_is_the_sites_fault_not_ours(
    way: str, robots: str, site: FakeSite
) -> None:
    wrong = ["http://host:99999/", "http://[::1/", "http://a..b/", f"http://{'x' * 70}.example/"]
    for number, address in enumerate(wrong):
        site.redirects(f"/{number}", address)
    paths = [f"{site.url}/{number}" for number in range(len(wrong))]
    links = ["http://exa mple.invalid/", "http://a%00b.invalid/", "http:///x", "mailto:nobody"]
    told = fetch(way, *paths, *wrong, *links, robots=robots == "robots")
    assert {each["error"] for each in told} == {"UnreachableError"}
    assert not any("did not answer in time" in each["words"] for each in told)
    assert all("the address cannot be asked for" in each["words"] for each in told[: -len(links)])


def test_a_host_that_asks_to_wait_is_left_alone(way: str, site: FakeSite) -> None:
    site.bare("/busy", "later", status=429, Retry_After="3600")
    site.page("/a", "<p>page</p>")
    busy, after = fetch(way, f"{site.url}/busy", f"{site.url}/a")
    assert busy["retry_after"] == 3600
    assert "asked to be left alone until" in after["words"]
    assert site.paths() == ["/busy"]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/a",
        "http://localhost:{port}/a",
        "http://[::1]:{port}/a",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://0x7f.1:{port}/a",
    ],
)
def test_a_private_address_is_never_asked(way: str, site: FakeSite, address: str) -> None:
    site.page("/a", "<p>secret</p>")
    (told,) = fetch(way, address.format(port=site.port), allowed="")
    assert told["error"] == "RefusedError"
    assert "allow_addresses" in told["words"]
    assert site.asked == []


@pytest.mark.parametrize("host", ["127.1", "0177.0.0.1", "2130706433", "127.0.0.1."])
def test_an_address_in_disguise_is_never_asked(way: str, site: FakeSite, host: str) -> None:
    site.page("/a", "<p>secret</p>")
    (told,) = fetch(way, f"http://{host}:{site.port}/a", allowed="")
    assert told["error"] in ("RefusedError", "UnreachableError")
    assert site.asked == []


def test_a_redirect_into_a_private_network_is_not_followed(way: str, site: FakeSite) -> None:
    site.redirects("/out", "http://127.0.0.2:9/secret")
    (told,) = fetch(way, f"{site.url}/out")
    assert told["error"] == "RefusedError"
    assert "127.0.0.2" in told["words"]


def test_a_proxy_of_the_environment_is_not_asked_to_resolve_names(way: str, site: FakeSite) -> None:
    environ = {"http_proxy": site.url, "HTTP_PROXY": site.url, "no_proxy": "", "NO_PROXY": ""}
    (told,) = fetch(way, "http://no-such-host.invalid/", environ=environ)
    assert "name could not be resolved" in told["words"]
    assert site.asked == []


@pytest.fixture
def self_signed(tmp_path: Path) -> Iterator[str]:
    """The address of a TLS server on 127.0.0.1 whose certificate nobody has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    address = x509.IPAddress(ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "site.pem"
    file.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate.public_bytes(Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with ThreadingHTTPServer(("127.0.0.1", 0), Silent) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(10)


class Silent(BaseHTTPRequestHandler):
    """Answers nothing, and says so nowhere."""

    def log_message(self, *_: object) -> None:
        pass


def test_a_certificate_that_nobody_signed_is_named_as_the_fault(way: str, self_signed: str) -> None:
    for robots in (True, False):
        (told,) = fetch(way, f"{self_signed}/a", robots=robots)
        assert told["error"] == "UnreachableError"
        assert "its certificate is not valid (" in told["words"]
        assert "certificate verify failed" in told["words"] or "self" in told["words"]


def test_what_robots_txt_forbids_is_not_asked(way: str, site: FakeSite) -> None:
    site.bare("/robots.txt", "User-agent: *\nDisallow: /private/\n")
    site.page("/private/a", "<p>page</p>")
    site.page("/open", "<p>page</p>")
    refused, allowed = fetch(way, f"{site.url}/private/a", f"{site.url}/open")
    assert refused["error"] == "RefusedError"
    assert "robots.txt" in refused["words"]
    assert allowed["status"] == 200
    assert site.paths() == ["/open"]


def test_a_rule_for_kanliu_counts_before_the_one_for_all(site: FakeSite) -> None:
    site.bare("/robots.txt", "User-agent: *\nDisallow: /\n\nUser-agent: Kanliu\nAllow: /\n")
    site.page("/a", "<p>page</p>")
    (told,) = fetch("asyncio", f"{site.url}/a")
    assert told["status"] == 200


def test_a_robots_txt_that_cannot_be_read_is_no_permission(way: str, site: FakeSite) -> None:
    site.bare("/robots.txt", "sorry", status=503)
    site.page("/a", "<p>page</p>")
    (told,) = fetch(way, f"{site.url}/a")
    assert told["error"] == "UnreachableError"
    assert site.paths() == []


def test_a_challenge_or_login_page_is_no_page(site: FakeSite) -> None:
    site.page(
        "/challenge", "<html><head><title>Just a moment...</title></head><body></body></html>"
    )
    site.page("/lost", "<html><head><title>404 Not Found</title></head><body>404</body></html>")
    challenge, lost = fetch("asyncio", f"{site.url}/challenge", f"{site.url}/lost")
    assert challenge["error"] == "BlockedError"
    assert lost["error"] == "MissingError"
