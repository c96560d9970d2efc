"""sources.read: a folder of files; what is wrong with one never stops another."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from foundation.errors import SourceErrors
from sources.read import (
    SourceReader,
    Sources,
    find_files,
    find_on_host,
    folder_state,
    read_files,
    read_source,
    read_sources,
)


def write(file: Path, *lists: str, more: str = "") -> Path:
    """A source file that follows these addresses; by default one of its own."""
    file.parent.mkdir(parents=True, exist_ok=True)
    addresses = ", ".join(f'"{url}"' for url in lists or (f"https://{file.stem}.example/",))
    file.write_text(f'title = "{file.stem}"\nlists = [{addresses}]\n{more}', encoding="utf-8")
    return file


def ids(sources: Sources) -> list[str]:
    return [source.id for source in sources.sources]


def test_each_file_is_a_source_in_the_order_of_ids(tmp_path: Path) -> None:
    for name in ("c.toml", "a.toml", "medicine/b.toml"):
        write(tmp_path / name)

    read = read_sources(tmp_path)

    assert ids(read) == ["a", "b", "c"]
    assert read.sources[1].file == str(tmp_path / "medicine" / "b.toml")
    assert not read.errors


def test_what_is_set_aside_is_not_followed(tmp_path: Path) -> None:
    for name in ("_draft.toml", ".a.toml", "_old/b.toml", "c.pages/pages.toml", "d.toml.bak"):
        write(tmp_path / name)

    assert read_sources(tmp_path) == Sources(sources=())


def test_every_file_with_errors_is_named_and_the_others_run(tmp_path: Path) -> None:
    write(tmp_path / "good.toml")
    write(tmp_path / "two.toml", more='zone = "x"\nlanguage = "y"')
    (tmp_path / "broken.toml").write_text("title = ")
    (tmp_path / "gbk.toml").write_bytes('title = "示例"'.encode("gbk"))
    (tmp_path / "gone.toml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder.toml").mkdir()

    read = read_sources(tmp_path)

    assert ids(read) == ["good"]
    assert [(Path(error.file).name, error.key) for error in read.errors] == [
        ("broken.toml", None),
        ("folder.toml", None),
        ("gbk.toml", None),
        ("gone.toml", None),
        ("two.toml", "language"),
        ("two.toml", "zone"),
    ]
    said = "\n".join(map(str, read.errors))
    assert "at line 1, column 9" in said
    assert "cannot be read: Is a directory" in said
    assert "byte 0xc0 in line 1; save it as UTF-8 (it reads as GB18030)" in said
    assert "cannot be read: No such file or directory" in said


def test_bytes_of_no_encoding_are_named_by_their_line(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"# one\n# \xff\xff")

    (error,) = read_sources(tmp_path).errors

    assert str(error).endswith("is not UTF-8: byte 0xff in line 2; save it as UTF-8")


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    file = write(tmp_path / "a.toml")
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())

    assert ids(read_sources(tmp_path)) == ["a"]


def test_a_name_in_another_encoding_is_an_error_that_can_be_printed(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xc6\xb7\xff.toml")).write_text("title = 3")

    (*_, error) = read_sources(tmp_path).errors

    assert "�" in str(error)
    assert str(error).encode("utf-8")


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    (error,) = read_sources(tmp_path / "nowhere").errors

    assert str(error).endswith("nowhere: this folder cannot be read: No such file or directory")


def test_an_id_belongs_to_the_first_file_that_claims_it(tmp_path: Path) -> None:
    first = write(tmp_path / "a" / "monthly.toml", "https://one.example/")
    second = write(tmp_path / "b" / "monthly.toml", "https://two.example/")

    read = read_sources(tmp_path)

    assert [source.file for source in read.sources] == [str(first)]
    (error,) = read.errors
    assert error.file == str(second)
    assert f'the id "monthly" belongs to {first} already' in str(error)


@pytest.mark.parametrize(
    "address",
    ["https://h.example/list", "http://h.example/list", "https://H.EXAMPLE:443/list#top"],
)
def test_a_list_address_belongs_to_the_first_file_that_claims_it(
    tmp_path: Path, address: str
) -> None:
    first = write(tmp_path / "a.toml", "https://h.example/list")
    write(tmp_path / "b.toml", "https://other.example/", address)
    write(tmp_path / "c.toml")

    read = read_sources(tmp_path)

    assert ids(read) == ["a", "c"]
    (error,) = read.errors
    assert error.key == "lists[1]"
    assert f"found {address}, which {first} follows already" in str(error)


def test_addresses_that_differ_in_path_query_or_port_are_two(tmp_path: Path) -> None:
    for number, url in enumerate(("/list", "/list?p=2", "/List", ":8080/list", "")):
        write(tmp_path / f"s{number}.toml", f"https://h.example{url}")

    assert not read_sources(tmp_path).errors


def test_an_address_twice_in_one_file_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "a.toml", "https://h.example", "https://h.example/")

    (error,) = read_sources(tmp_path).errors

    assert error.key == "lists[1]"
    assert "a second time" in str(error)


def test_a_file_that_does_not_run_claims_nothing(tmp_path: Path) -> None:
    write(tmp_path / "a.toml", "https://h.example/", more='zone = "x"')
    write(tmp_path / "b.toml", "https://h.example/")

    assert ids(read_sources(tmp_path)) == ["b"]


def test_warnings_are_gathered(tmp_path: Path) -> None:
    write(tmp_path / "a.toml", more='[masthead]\n"周期" = "不定期"')

    read = read_sources(tmp_path)

    assert ids(read) == ["a"]
    assert len(read.warnings) == 1


def test_one_file_is_read_or_raises_all_that_is_wrong(tmp_path: Path) -> None:
    assert read_source(write(tmp_path / "a.toml")).id == "a"

    with pytest.raises(SourceErrors) as caught:
        read_source(write(tmp_path / "b.toml", more='zone = "x"\nlanguage = "y"'))

    assert [error.key for error in caught.value.errors] == ["language", "zone"]
    assert str(caught.value).count("\n") == 1


def test_files_are_found_by_name(tmp_path: Path) -> None:
    files = [write(tmp_path / name) for name in ("a.toml", "b/c.toml", "d.toml")]

    assert find_files(tmp_path) == files


def test_while_nothing_changes_the_same_sources_come_back(tmp_path: Path) -> None:
    write(tmp_path / "a.toml")
    reader = SourceReader(tmp_path)

    assert reader.read() is reader.read()


def test_only_a_changed_file_is_parsed_anew(tmp_path: Path) -> None:
    write(tmp_path / "a.toml")
    changing = write(tmp_path / "b.toml")
    reader = SourceReader(tmp_path)
    before = reader.read()

    changing.write_text(changing.read_text() + 'zone = "UTC"\n')
    write(tmp_path / "c.toml")
    after = reader.read()

    assert ids(after) == ["a", "b", "c"]
    assert after.sources[0] is before.sources[0]
    assert after.sources[1].zone == "UTC"


def test_a_file_that_went_is_followed_no_longer(tmp_path: Path) -> None:
    file = write(tmp_path / "a.toml")
    reader = SourceReader(tmp_path)
    reader.read()

    file.unlink()

    assert reader.read() == Sources(sources=())


def test_the_state_of_a_folder_changes_with_its_files_alone(tmp_path: Path) -> None:
    file = write(tmp_path / "a.toml")
    before = folder_state(tmp_path)
    (tmp_path / "notes.txt").write_text("x")
    assert folder_state(tmp_path) == before

    os.utime(file, ns=(1, 1))

    assert folder_state(tmp_path) != before


def test_files_are_read_by_name(tmp_path: Path) -> None:
    good, bad = tmp_path / "monthly.toml", tmp_path / "broken.toml"
    good.write_text('title = "月刊"\nlists = ["https://monthly.example/list"]\n', "utf-8")
    bad.write_text("title = 3\n", "utf-8")
    found = read_files([bad, good])
    assert [source.id for source in found.sources] == ["monthly"]
    assert found.errors
    assert find_on_host(found.sources, "https://monthly.example/a/1.html") == list(found.sources)
    assert find_on_host(found.sources, "https://other.example/") == []
    assert find_on_host(found.sources, "saved/page.html") == []
