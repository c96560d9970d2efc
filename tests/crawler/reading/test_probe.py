"""A page laid out for a person."""

from __future__ import annotations

from crawler.reading.probe import probe_page
from tests.crawler.reading.pages import MASTHEAD_PAGE, URL, VISITED


def test_each_field_has_its_value_its_place_and_its_candidates() -> None:
    probe = probe_page(MASTHEAD_PAGE, url=URL, visited=VISITED)
    fields = {field.name: field for field in probe.fields}
    assert fields["title"].value == "旧码头的新作坊"
    assert [found.text for found in fields["title"].candidates] == [
        found.text for found in probe.raw.titles
    ]
    assert (fields["published"].value, fields["published"].where) == ("2021-02-27", "signature")
    assert fields["notice"].value == "free-attribution"
    assert fields["周期"].value == "半月刊"
    assert fields["doi"].value is None
    assert (fields["charset"].value, fields["charset"].where) == ("utf-8", "utf-8")
