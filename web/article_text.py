"""An article's text for our page, which asks nobody: a picture becomes a link to it. Pure."""

from __future__ import annotations

from bs4 import BeautifulSoup


def page_html(html: str, *, picture: str) -> str:
    """Clean HTML of feeds.content without pictures; `picture` is the word for one. Headings are
    put below the two of the page, so that its outline stays one."""
    soup = BeautifulSoup(html, "lxml")
    for image in soup.find_all("img"):
        label = " ".join(str(image.get("alt") or "").split())
        link = soup.new_tag("a", href=str(image.get("src") or ""))
        link["class"] = "picture"
        link.string = f"{picture}{label}" if label else picture.rstrip("：: ")
        image.replace_with(link)
    for heading in soup.find_all(["h1", "h2"]):
        heading.name = "h3"
    for table in soup.find_all("table"):
        # Scrolls by itself, so that the page does not.
        table.wrap(soup.new_tag("div", attrs={"class": "wide", "tabindex": "0"}))
    return soup.body.decode_contents() if soup.body else ""
