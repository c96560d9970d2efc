"""What is drawn, what is sent on, and what a page may lack: decided without a browser."""

from __future__ import annotations

import pytest

from crawler.fetch import Answer
from crawler.render import Parts, is_drawn, is_theirs, judge_parts
from foundation.errors import RefusedError, SiteError, UnreachableError

PAGE = "http://www.a.edu.cn/list.html"


@pytest.mark.parametrize(
    ("content_type", "body", "drawn"),
    [
        ("text/html; charset=gbk", b"", True),
        ("application/xhtml+xml", b"<html/>", True),
        ("application/pdf", b"%PDF-1.7", False),
        ("application/rss+xml", b"<rss/>", False),
        ("text/xml", b"<rss/>", False),
        ("application/json", b"{}", False),
        ("", b"\n<!doctype html>", True),
        ("", b"%PDF-1.7", False),
    ],
)
def test_pages_are_drawn_and_files_are_not(content_type: str, body: bytes, *, drawn: bool) -> None:
    headers = {"content-type": content_type} if content_type else {}
    answer = Answer(url=PAGE, status=200, headers=headers, body=body, exchanges=())
    assert is_drawn(answer) is drawn


@pytest.mark.parametrize(
    "name", ["Cookie", "User-Agent", "Accept-Encoding", "sec-ch-ua", "Sec-Fetch-Mode", "Host"]
)
def test_what_is_ours_to_say_a_page_does_not_say(name: str) -> None:
    assert not is_theirs(name)


@pytest.mark.parametrize(
    "name", ["Accept", "Content-Type", "Origin", "Referer", "X-Requested-With", "token"]
)
def test_what_a_script_says_to_its_server_is_sent_on(name: str) -> None:
    assert is_theirs(name)


def lacking(url: str, error: SiteError) -> Parts:
    parts = Parts()
    parts.lost.append((url, error))
    return parts


def test_a_page_without_a_part_from_its_own_site_is_not_had() -> None:
    parts = lacking("http://api.a.edu.cn/1.json", RefusedError("robots.txt says no"))
    with pytest.raises(RefusedError, match=r"list\.html: a part .* robots\.txt says no"):
        judge_parts(PAGE, parts)


def test_a_page_without_a_part_from_elsewhere_is_had() -> None:
    judge_parts(PAGE, lacking("http://widget.example/w.js", UnreachableError("no such host")))
