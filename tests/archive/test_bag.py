"""A bag: what the library that libraries use says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bagit
import pytest

from archive.bag import is_bag, write_bag

if TYPE_CHECKING:
    from pathlib import Path

INFO = [("Source-Organization", "云川\n图书馆"), ("External-Identifier", "urn:ISSN:1234-5679"),
        ("External-Identifier", "tag:x.example,2026:tea"), ("Empty", "")]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = tmp_path / "bag" / "data"
    (data / "texts" / "tea").mkdir(parents=True)
    (data / "entries.jsonl").write_text('{"id": "茶"}\n', "utf-8")
    (data / "texts" / "tea" / "茶.txt").write_text("茶\n", "utf-8")
    return data.parent


def test_a_bag_is_valid_and_says_whose_it_is(folder: Path) -> None:
    assert not is_bag(folder)
    write_bag(folder, INFO)
    assert is_bag(folder)
    bag = bagit.Bag(str(folder))
    assert bag.validate()
    assert bag.version_info == (1, 0)
    assert bag.info == {
        "Source-Organization": "云川 图书馆",
        "External-Identifier": ["urn:ISSN:1234-5679", "tag:x.example,2026:tea"],
        "Payload-Oxum": "18.2",
    }


@pytest.mark.parametrize("name", ["data/entries.jsonl", "bag-info.txt", "manifest-sha256.txt"])
def test_one_flipped_bit_is_found(folder: Path, name: str) -> None:
    write_bag(folder, INFO)
    data = bytearray((folder / name).read_bytes())
    data[2] ^= 1
    (folder / name).write_bytes(data)
    with pytest.raises(bagit.BagError):
        bagit.Bag(str(folder)).validate()


def test_a_name_that_readers_take_differently_is_refused(folder: Path) -> None:
    (folder / "data" / "50%.txt").write_text("", "utf-8")
    with pytest.raises(ValueError, match="50%"):
        write_bag(folder, INFO)


def test_a_bag_made_again_is_the_same(folder: Path) -> None:
    write_bag(folder, INFO)
    before = {path: path.read_bytes() for path in folder.rglob("*.txt")}
    write_bag(folder, INFO)
    assert {path: path.read_bytes() for path in folder.rglob("*.txt")} == before
