"""Values ⇄ JSON, without loss."""

from __future__ import annotations

import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from archive.coding import (
    decode,
    decode_entry,
    decode_raw,
    encode,
    encode_entry,
    encode_raw,
    read_json,
    write_json,
)
from archive.exchange import Capture
from archive.model import (
    Enclosure,
    Entry,
    Found,
    NoticeClass,
    Origin,
    Poll,
    Precision,
    PrintedDate,
    RawEntry,
    ReprintNotice,
)
from tests.archive.factories import capture, entry, notice, poll

# Any text at all, what JSON and UTF-8 cannot write as it is included.
text = st.text() | st.sampled_from(["", "\0", "\ud800", "\ufffe", "“引号”\\\u2028"])
maybe = st.none() | text
found = st.builds(Found, text=text, where=text)
dates = st.builds(
    PrintedDate,
    raw=text,
    value=maybe,
    precision=st.sampled_from(Precision),
    zone=maybe,
    year_missing=st.booleans(),
    issue=maybe,
    reason=maybe,
)
notices = st.builds(
    ReprintNotice,
    class_=st.sampled_from(NoticeClass),
    text=text,
    obligations=st.lists(text, max_size=3).map(tuple),
    origin=st.none() | st.builds(Origin, name=maybe, url=maybe),
    license=maybe,
)
enclosures = st.builds(Enclosure, url=text, type=text, size_bytes=st.none() | st.integers(0))
entries = st.builds(
    Entry,
    url=text,
    canonical_url=text,
    title=maybe,
    title_raw=maybe,
    published=st.none() | dates,
    updated=st.none() | dates,
    authors=st.lists(text, max_size=3).map(tuple),
    keywords=st.lists(text, max_size=3).map(tuple),
    notice=st.none() | notices,
    notices=st.lists(notices, max_size=2).map(tuple),
    text=maybe,
    html=maybe,
    enclosures=st.lists(enclosures, max_size=2).map(tuple),
    is_retracted=st.booleans(),
    found=st.dictionaries(text, text, max_size=3),
)
raws = st.builds(
    RawEntry,
    url=maybe,
    titles=st.lists(found, max_size=2).map(tuple),
    keywords=st.lists(found, max_size=2).map(tuple),
    text=maybe,
    html=maybe,
    doi=st.none() | found,
    enclosures=st.lists(enclosures, max_size=2).map(tuple),
    masthead=st.dictionaries(text, text, max_size=3),
)


@given(entries)
def test_an_entry_survives_json(value: Entry) -> None:
    assert decode_entry(read_json(write_json(encode_entry(value)))) == value


@given(raws, entries)
def test_a_raw_entry_survives_json_beside_its_entry(raw: RawEntry, beside: Entry) -> None:
    assert decode_raw(read_json(write_json(encode_raw(raw, beside))), beside) == raw


def test_a_body_that_both_share_is_written_once() -> None:
    beside = entry(html="<p>船</p>")
    raw = RawEntry(url=beside.url, text=beside.text, html="<p>船 </p>")
    document = encode_raw(raw, beside)
    assert "text" not in document
    assert document["html"] == "<p>船 </p>"
    assert decode_raw(document, beside) == raw


def test_other_values_survive_too() -> None:
    for value in (capture(), poll(retry_after=timedelta(seconds=1.5)), poll()):
        assert decode(type(value), read_json(write_json(encode(value)))) == value
    assert isinstance(decode(Capture, encode(capture())).offset, int)
    assert decode(Poll, encode(poll())).outcome == "unchanged"


def test_defaults_are_left_out_and_the_class_is_called_class() -> None:
    assert encode(notice("转载请注明出处", "free")) == {"class": "free", "text": "转载请注明出处"}


def test_an_entry_written_before_a_field_was_known_reads_with_its_default() -> None:
    document = encode_entry(entry())
    assert "keywords" not in document
    assert decode_entry(document).keywords == ()


def test_a_key_that_no_field_has_is_passed_over() -> None:
    document = encode_entry(entry()) | {"mood": "sunny"}
    assert decode_entry(document) == entry()


def test_chinese_is_written_as_itself() -> None:
    assert write_json({"题": "船"}) == '{"题":"船"}'
    assert json.loads(write_json("\ud800")) == "\ud800"
