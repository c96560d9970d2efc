"""Pages that are not the journal's, on the patterns of the firewalls, and pages that are."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path

import pytest

from crawler.reading.obstacle import find_obstacle

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"


def page(title: str, body: str, head: str = "") -> bytes:
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


def kind_of(body: bytes | str, url: str = "https://kan.example/a/1.html", **more: object) -> str:
    found = find_obstacle(body, url=url, status=200, **more)  # type: ignore[arg-type]
    return found.kind if found else "none"


CHALLENGES = {
    "cloudflare": page(
        "Just a moment...",
        "<noscript>Enable JavaScript and cookies to continue</noscript>",
        "<script>window._cf_chl_opt={cType:'managed'};</script>",
    ),
    "akamai": page(
        "Access Denied",
        "<h1>Access Denied</h1>You don't have permission to access this page on this server."
        "<p>Reference #18.2f3a https://errors.edgesuite.net/18.2f3a</p>",
    ),
    "incapsula": b"<html><head><META NAME='robots'></head><iframe src='/_Incapsula_Resource?x=1'>"
    b"Request unsuccessful. Incapsula incident ID: 1-2</iframe></html>",
    "jiasule": b"<script>document.cookie='__jsl_clearance='+('_')+';path=/';"
    b"location.href=location.pathname+location.search</script>",
    "packed script": b"<html><body><script>var _0x1f2a=['cookie'];document.cookie=_0x1f2a[0]+'=1';"
    b"window.location.reload()</script></body></html>",
    "chuangyudun": page("创宇盾", "<h2>当前访问疑似黑客攻击，已被创宇盾拦截</h2>"),
    "safedog": page("网站防火墙", "<p>您的请求带有不合法的参数，已被网站管理员设置拦截！</p>"),
    "too often": page("提示", "<p>访问过于频繁，请稍后再试。</p>"),
    "slider": page("安全验证", "<div>请完成下方验证后继续访问</div><div>向右滑动</div>"),
    "captcha form": page("验证码", "<form>请输入验证码<input name=c></form>"),
    "aliyun": page("", "<script>var arg1='7A';setCookie('acw_sc__v2',x);</script>"),
}

LOGINS = {
    "password form": page("用户登录", "<form>账号<input name=u> 密码<input type=password></form>"),
    "please log in": page("提示", "<p>请先登录后再查看全文。</p><a href=/login>登录</a>"),
    "english": page("Sign in - Journal", "<form><input type='password' name='p'>Sign in</form>"),
    "expired": page("系统", "<script>alert(1)</script>登录已超时，请重新登录"),
}

ERRORS = {
    "404 in the title": page("404 Not Found", "<h1>404 Not Found</h1><hr>nginx"),
    "404 with the site's name": page("404 - 品茶月刊", "<p>很抱歉</p>"),
    "gone": page("品茶月刊", "<h1>您访问的页面不存在</h1><a href=/>返回首页</a>"),
    "deleted": page("品茶月刊", "<p>该文章已被作者删除或正在审核</p>"),
    "maintenance": page("系统维护", "<p>系统维护中，请于明早访问。</p>"),
    "cms message": page("提示信息", "<p>信息不存在！</p>"),
    "server": page("500 Internal Server Error", "<h1>Internal Server Error</h1>"),
    "framework": page("系统发生错误", "<h1>:(</h1><h1>无法加载模块</h1>"),
    "gbk": page("出错了！", "<p>对不起，您请求的文章不存在或已被删除！</p>").decode().encode("gbk"),
}


@pytest.mark.parametrize("name", CHALLENGES)
def test_a_challenge_is_told(name: str) -> None:
    assert kind_of(CHALLENGES[name]) == "challenge"


@pytest.mark.parametrize("name", LOGINS)
def test_a_login_page_is_told(name: str) -> None:
    assert kind_of(LOGINS[name]) == "login"


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_answered_200_is_told(name: str) -> None:
    assert kind_of(ERRORS[name]) == "error"


def test_the_header_of_a_challenge_is_enough() -> None:
    assert kind_of(b"", headers={"CF-Mitigated": "challenge"}) == "challenge"


def test_the_reason_names_what_was_seen() -> None:
    found = find_obstacle(CHALLENGES["cloudflare"], url="https://kan.example/", status=200)
    assert found is not None
    assert "Cloudflare" in found.reason


def test_an_error_status_is_not_called_an_error_page_again() -> None:
    assert find_obstacle(ERRORS["gone"], url="https://kan.example/", status=404) is None


PROSE = "茶山上的雾散得很慢，采茶人把竹篓放在石阶上等太阳，说起今年的雨水，也说起去年的价钱。" * 4

INNOCENT = {
    "an article about 404": page("404：一个数字怎样成了符号", f"<h1>404</h1><p>{PROSE}</p>"),
    "an article that begins so": page("404 错误页面的设计史", f"<p>页面不存在。{PROSE}</p>"),
    "an article about captchas": page("验证码的历史", f"<p>安全验证无处不在。{PROSE}</p>"),
    "a short article about captchas": page(
        "验证码的历史",
        "<p>滑动验证为什么难倒了老人？</p><p>2024-03-01</p>"
        "<article>读者来信说，每次取号都要拖动滑块。</article>",
    ),
    "an article with a login in the corner": page(
        "春茶上市", f"<form>密码<input type=password>登录</form><p>{PROSE}</p><p>{PROSE}</p>"
    ),
    "a short poem": page("夜雨", "<h1>夜雨</h1><p>一夜檐声到枕边，晓看新绿满山前。</p>"),
    "an empty list": page("品茶月刊", "<h1>品茶月刊</h1><ul class=list></ul>"),
    "a feed": b'<?xml version="1.0"?><rss><channel><title>404</title></channel></rss>',
    "a pdf": b"%PDF-1.4 captcha _cf_chl_opt",
    "a protected site": page(
        "春茶上市", f"<p>{PROSE}</p>" * 8, "<script src=/cdn-cgi/challenge-platform/x.js></script>"
    ),
    "nothing": b"",
}


@pytest.mark.parametrize("name", INNOCENT)
def test_a_page_of_the_journal_is_left_alone(name: str) -> None:
    assert kind_of(INNOCENT[name]) == "none"


def test_text_and_bytes_are_judged_alike() -> None:
    for body in (*CHALLENGES.values(), *INNOCENT.values()):
        assert kind_of(body.decode("utf-8", "replace")) == kind_of(body)


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.exists(), reason="../shared/corpus is not here")
def test_no_real_article_is_taken_for_an_obstacle_and_looking_is_cheap() -> None:
    fired, seconds = set(), []
    for name in ("pages.jsonl", "journal_pages.jsonl"):
        for line in (CORPUS / name).read_text().splitlines():
            row = json.loads(line)
            body = gzip.decompress((CORPUS / (row.get("html") or row["file"])).read_bytes())
            start = time.process_time()
            if find_obstacle(body, url=row.get("url") or "", status=200):
                fired.add(row.get("kind") or row["title"])
            seconds.append(time.process_time() - start)
    assert fired == {"Just a moment...", "error", "listing"}  # the listing asks for a human
    assert sorted(seconds)[len(seconds) // 2] < 0.0003
