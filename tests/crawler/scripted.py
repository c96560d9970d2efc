"""An invented magazine whose pages a script draws: a shell, one script, and the data behind it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.journal_pages import BODY, MASTHEAD

if TYPE_CHECKING:
    from tests.fake_site import FakeSite

SHELL = """<!doctype html><html><head><meta charset="utf-8"><title>某某杂志</title>
<link rel="stylesheet" href="/app.css"><link rel="icon" href="/icon.png"></head>
<body><noscript>请启用 JavaScript。Please enable JavaScript to continue.</noscript>
<div id="app"></div><script src="/app.js"></script></body></html>"""

APP = """
const app = document.getElementById("app"), path = location.pathname;
const more = document.createElement("img"); more.src = "/picture.png"; app.append(more);
async function draw() {
  const name = path === "/list.html" ? "/api/list.json" : "/api" + path.replace(".html", ".json");
  const data = await (await fetch(name)).json();
  if (data.rows) app.innerHTML = '<div class="nav"><a href="/">首页</a></div><ul class="list">' +
    data.rows.map(([url, title, day]) =>
      `<li><a href="${url}">${title}</a><span>${day}</span></li>`).join("") + "</ul>";
  else {
    document.title = data.title;
    app.innerHTML = `<div class="main"><h1>${data.title}</h1><div class="masthead">${data.masthead}
      </div><div class="content">${data.body.map(words => `<p>${words}</p>`).join("")}
      <p>${data.notice}</p><p>某某杂志社编辑部</p><p>${data.day}</p></div></div>`;
  }
}
setTimeout(draw, 50);
"""
NOTICE = "本文由: 某某杂志社编辑部整理发布,如需转载,请注明来源。"

Rows = list[tuple[str, str, str]]


def publish(site: FakeSite, rows: Rows, *, app: str = APP) -> None:
    """The list and its articles; each page is the same shell."""
    site.page("/app.js", app, content_type="text/javascript")
    site.page("/list.html", SHELL)
    site.page("/api/list.json", json.dumps({"rows": rows}), content_type="application/json")
    for path, title, day in rows:
        site.page(path, SHELL)
        data = {"title": title, "day": day, "body": BODY, "masthead": MASTHEAD, "notice": NOTICE}
        site.page(
            "/api" + path.replace(".html", ".json"),
            json.dumps(data),
            content_type="application/json",
        )
