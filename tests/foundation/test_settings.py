"""foundation.settings: file, variables, command line; every fault is named where it stands."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from foundation.errors import SettingsError
from foundation.setting_kinds import SavedSearch
from foundation.settings import FILE_NAME, Settings, explain, read_settings

DOCS = Path(__file__).parent.parent.parent / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, without a kanliu.toml."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text: str, name: str = FILE_NAME) -> Path:
    file = Path(name)
    file.write_text(text, encoding="utf-8")
    return file


def faults(**given: object) -> str:
    with pytest.raises(SettingsError) as caught:
        read_settings(**{"environ": {}} | given)
    return str(caught.value)


def test_without_anything_given_the_defaults_hold() -> None:
    settings = read_settings(environ={"PATH": "/bin"})

    assert settings == Settings()
    assert {one.origin for one in explain(settings)} == {"default"}


def test_the_later_place_wins_and_each_value_knows_its_place() -> None:
    write('port = 1\nhost = "::1"\nentries = 11\ndelay = "2s"')

    settings = read_settings(
        environ={"KANLIU_PORT": "2", "KANLIU_ENTRIES": "12"}, overrides={"port": 3}
    )

    assert (settings.port, settings.entries, settings.host) == (3, 12, "::1")
    assert settings.delay == timedelta(seconds=2)
    origins = {one.key: one.origin for one in explain(settings)}
    assert origins["port"] == "command line"
    assert origins["entries"] == "KANLIU_ENTRIES"
    assert origins["host"] == FILE_NAME
    assert origins["data"] == "default"


def test_a_variable_is_read_as_text_of_its_kind() -> None:
    settings = read_settings(
        environ={
            "KANLIU_ROBOTS": "off",
            "KANLIU_DELAY": "90s",
            "KANLIU_ALLOW_ADDRESSES": "127.0.0.0/8, ::1",
            "KANLIU_HUBS": "https://hub.example/, https://two.example/push",
            "KANLIU_LOG_LEVEL": "debug",
            "KANLIU_DATA": "elsewhere",
        }
    )

    assert settings.robots is False
    assert settings.delay == timedelta(seconds=90)
    assert settings.allow_addresses == ("127.0.0.0/8", "::1/128")
    assert settings.hubs == ("https://hub.example/", "https://two.example/push")
    assert settings.log_level == "DEBUG"
    assert settings.data == Path("elsewhere")


def test_an_empty_variable_is_not_given() -> None:
    assert read_settings(environ={"KANLIU_PORT": "", "KANLIU_SETTINGS": ""}) == Settings()


def test_an_option_that_is_none_is_not_given() -> None:
    settings = read_settings(environ={}, overrides={"data": None, "journals": Path("mine")})

    assert (settings.data, settings.journals) == (Path("var"), Path("mine"))


def test_a_folder_in_the_file_is_meant_from_where_the_file_is() -> None:
    Path("etc").mkdir()
    write('data = "archive"\njournals = "/srv/journals"', "etc/mine.toml")

    settings = read_settings(file=Path("etc/mine.toml"), environ={"KANLIU_SETTINGS": "other.toml"})

    assert settings.data == Path("etc/archive")
    assert settings.journals == Path("/srv/journals")


def test_the_file_may_be_named_by_a_variable() -> None:
    write("port = 7", "mine.toml")

    assert read_settings(environ={"KANLIU_SETTINGS": "mine.toml"}).port == 7


def test_a_named_file_that_is_not_there_is_an_error() -> None:
    assert faults(file=Path("mine.toml")) == "mine.toml: there is no such file"


@pytest.mark.parametrize("data", [b"port = ", b'host = "\xff"', b"port = 1\nport = 2"])
def test_a_file_that_cannot_be_read_is_named(data: bytes) -> None:
    Path(FILE_NAME).write_bytes(data)

    assert faults().startswith("kanliu.toml: cannot be read: ")


def test_a_byte_order_mark_is_no_fault() -> None:
    Path(FILE_NAME).write_bytes(b"\xef\xbb\xbfport = 7")

    assert read_settings(environ={}).port == 7


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("prot = 1", 'prot: unknown; did you mean "port"?'),
        ("[server]", "server: unknown; known are data, journals, "),
        ("port = 70000", "port: found 70000; allowed is a whole number from 0 to 65535"),
        ('port = "8000"', 'port: found "8000"; allowed is a whole number'),
        ("port = true", "port: found True; allowed is a whole number"),
        ("robots = 1", "robots: found 1; allowed is true or false"),
        ('robots = "yes"', 'robots: found "yes"; allowed is true or false'),
        ("delay = 2", "delay: found 2; allowed is a number with s, m, h or d"),
        ('delay = "2"', 'delay: found "2"; allowed is a number with s, m, h or d'),
        ('timeout = "1h"', 'timeout: found "1h"; allowed is'),
        ('browser = ""', 'browser: found ""; allowed is the path of a program'),
        ("data = 3", "data: found 3; allowed is a folder"),
        ('data = ""', 'data: found ""; allowed is a folder'),
        ('database = "mysql://h/n"', "allowed is sqlite:///FILE or postgresql://"),
        ('public_url = "feeds.example.org"', "allowed is an address such as https://"),
        ('public_url = "https://h/?a"', "without user, ? or #"),
        ('public_url = "https://h:x/"', "allowed is an address such as https://"),
        ('contact = "the office"', "allowed is a web address or a mail address"),
        ('contact = "https://h/(a)"', "allowed is a web address or a mail address"),
        ('host = "a\\nb"', "allowed is a host name or address"),
        ('allow_addresses = "127.0.0.0/8"', 'allowed is a list of networks such as ["127'),
        ('hubs = "https://hub.example/"', 'allowed is a list of addresses such as ["https'),
        ('hubs = ["hub.example"]', "allowed is a list of addresses"),
        ('allow_addresses = ["10.0.0.1/8"]', '"10.0.0.1/8" is not a network'),
        ('log_level = "LOUD"', "allowed is one of DEBUG, INFO, WARNING, ERROR"),
        ('hubs = "https://hub.example/"', 'allowed is a list of addresses such as ["https:'),
        ('language = "fr"', "allowed is one of zh-CN, en"),
    ],
)
def test_a_fault_in_the_file_says_what_was_found_and_what_is_allowed(line: str, said: str) -> None:
    write(line)

    text = faults()

    assert text.startswith(f"{FILE_NAME}: ")
    assert said in text


def test_all_faults_of_all_places_are_named_at_once() -> None:
    write("prot = 1\nrobots = 3")

    lines = faults(
        environ={"KANLIU_PROT": "1", "KANLIU_ENTRIES": "1e3"}, overrides={"port": -1}
    ).splitlines()

    assert [line.split(":")[0] for line in lines] == [
        *(FILE_NAME, FILE_NAME, "KANLIU_ENTRIES", "KANLIU_PROT", "--port")
    ]
    assert 'did you mean "KANLIU_PORT"?' in lines[3]


@pytest.mark.parametrize(
    ("key", "value"),
    [("database", "postgresql://u:secret@h/n"), ("public_url", "https://u:secret@h/")],
)
def test_a_password_is_never_shown(key: str, value: str) -> None:
    if key == "database":
        shown = str(explain(read_settings(environ={"KANLIU_DATABASE": value})))
    else:
        shown = faults(environ={f"KANLIU_{key.upper()}": value})

    assert "secret" not in shown
    assert "***" in shown


def test_what_is_explained_can_be_written_back() -> None:
    settings = read_settings(
        environ={"KANLIU_DELAY": "90s", "KANLIU_ALLOW_ADDRESSES": "127.0.0.0/8,::1"}
    )

    shown = {one.key: one.value for one in explain(settings) if one.value != "not set"}

    again = read_settings(environ={f"KANLIU_{key.upper()}": shown[key] for key in shown})
    assert again == settings


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({"KANLIU_PORT": "9000"}, "http://127.0.0.1:9000"),
        ({"KANLIU_HOST": "0.0.0.0"}, "http://127.0.0.1:8000"),
        ({"KANLIU_HOST": "::1"}, "http://[::1]:8000"),
        ({"KANLIU_HOST": "::1", "KANLIU_PUBLIC_URL": "https://f.example/"}, "https://f.example"),
    ],
)
def test_the_public_address_follows_the_one_we_listen_on(environ: dict[str, str], url: str) -> None:
    assert read_settings(environ=environ).public_url == url


def test_the_store_is_sqlite_in_the_data_directory_unless_told_otherwise(tmp_path: Path) -> None:
    assert Settings().database_url == f"sqlite:///{tmp_path}/var/kanliu.sqlite"
    assert Settings(database="sqlite:////srv/k.db").database_url == "sqlite:////srv/k.db"
    assert Settings(database="postgresql://h/n").database_url == "postgresql+psycopg://h/n"


def test_every_request_says_who_asks_and_whom_to_tell() -> None:
    named = Settings(contact="mailto@example.org").user_agent

    assert named.startswith("Kanliu/")
    assert named.endswith(" (+mailto@example.org)")
    assert Settings().user_agent.endswith(" (+http://127.0.0.1:8000)")


def test_published_files_and_captures_are_in_the_data_directory() -> None:
    settings = Settings(data=Path("d"))

    assert (settings.public, settings.warc) == (Path("d/public"), Path("d/warc"))


def test_every_setting_has_its_row_in_the_docs_with_its_default() -> None:
    rows = [line for line in DOCS.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"]

    documented = {row.split("`")[1]: row.split("|")[2].strip(" `") for row in rows}
    assert documented == {one.key: one.value for one in explain(Settings())}


# Saved searches


def test_saved_searches_are_tables_with_a_title_and_a_query() -> None:
    write(
        'port = 7\n[searches.brand]\ntitle = " 品牌 "\nquery = "品牌 notice:reusable"\n'
        '[searches.tea]\ntitle = "茶"\nquery = "茶叶"'
    )

    settings = read_settings(environ={})

    assert settings.searches == (
        SavedSearch(id="brand", title="品牌", query="品牌 notice:reusable"),
        SavedSearch(id="tea", title="茶", query="茶叶"),
    )
    (shown,) = (one for one in explain(settings) if one.key == "searches")
    assert (shown.value, shown.origin) == ("brand: 品牌 notice:reusable; tea: 茶叶", FILE_NAME)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("searches = 3", "searches: found 3; allowed is tables such as [searches.brand]"),
        ("[[searches]]\ntitle = 'a'", "searches: found [{"),
        ("[searches]\nbrand = '品牌'", "searches.brand: found '品牌'; allowed are tables"),
        ("[searches.Brand]\ntitle = 'a'\nquery = 'b'", "searches.Brand: allowed is an id"),
        ("[searches.all]\ntitle = 'a'\nquery = 'b'", 'searches.all: allowed is "all" is reserved'),
        ("[searches.a]\ntitle = 'a'", "searches.a.query: found nothing; allowed is one line"),
        ("[searches.a]\ntitle = 1\nquery = 'b'", "searches.a.title: found 1; allowed is one line"),
        ("[searches.a]\ntitle = ' '\nquery = 'b'", "searches.a.title: found ' '; allowed is one"),
        ("[searches.a]\ntitel = 'a'", 'searches.a.titel: unknown; did you mean "title"?'),
    ],
)
def test_a_broken_saved_search_is_named_with_its_key(text: str, said: str) -> None:
    write(text)

    assert faults().startswith(f"{FILE_NAME}: {said}")


def test_saved_searches_are_no_variable() -> None:
    assert faults(environ={"KANLIU_SEARCHES": "品牌"}).startswith(
        'KANLIU_SEARCHES: found "品牌"; allowed is tables'
    )


def test_a_token_is_long_and_never_shown() -> None:
    token = "0123456789abcdef" * 2
    settings = read_settings(environ={"KANLIU_OPERATOR_TOKEN": token})

    assert settings.operator_token == token
    assert token not in repr(settings)
    assert token not in str(explain(settings))
    for short in ("123456789012345678901234567890x", f"{token} y", "密" * 40):
        said = faults(environ={"KANLIU_OPERATOR_TOKEN": short})
        assert short not in said
        assert "openssl rand -hex 32" in said
