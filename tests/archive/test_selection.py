"""Choosing and searching entries. Each test runs on both databases."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, text, update

from archive import catalogue, schema
from archive.correction import CorrectedField, Wanted
from archive.current import load, set_state
from archive.model import EntryState, NoticeClass
from archive.selection import REUSABLE, Selection, key_of
from archive.store import Store
from sources.model import Rights
from tests.archive.factories import DAY, NOW, day, later, notice, sighting, source

if TYPE_CHECKING:
    from collections.abc import Callable

    from archive.model import Sighting

BODIES = (
    "船厂交付了第一批驳船，码头上站满了人。",
    "茶园在雾里，采茶的人天不亮就上山。",
    "渡口的灯火照着水面，等船的人说着闲话。",
)


def keep(store: Store, title: str, **fields: Any) -> str:
    """A new entry at an address of its own; its id."""
    number = len(store.entries())
    fields.setdefault("text", f"{title}的第{number}篇正文，{BODIES[number % 3]}")
    source_id = fields.get("source_id", "ship")
    url = f"https://{source_id}.example/{number}"
    return store.keep(sighting(title=title, url=url, **fields)).entry_id


def titles(store: Store, **fields: Any) -> list[str | None]:
    return [each.entry.title for each in store.select(Selection(**fields))]


def words_of(store: Store) -> int:
    """How many rows the words' own table has anything of."""
    with store._database.reading() as connection:
        if connection.dialect.name == "postgresql":
            return connection.scalar(text("SELECT count(*) FROM words")) or 0
        connection.execute(
            text("CREATE VIRTUAL TABLE IF NOT EXISTS temp.seen USING fts5vocab(main, words, 'row')")
        )
        return connection.scalar(text("SELECT count(*) FROM temp.seen")) or 0


def test_line_29_entries_are_found_by_the_issn_that_their_page_or_their_journal_has(
    store: Store,
) -> None:
    store.sync_sources([source("tea")], NOW)
    keep(store, "页上印着", issn="1234-5679")
    keep(store, "页上印着别的", issn="2096-1847")
    keep(store, "没有印", source_id="tea")
    wanted = frozenset({"1234-5679"})

    assert titles(store, issns=wanted) == ["页上印着"]
    both = titles(store, issns=wanted, issn_sources=frozenset({"tea"}))
    assert sorted(filter(None, both)) == ["没有印", "页上印着"]


# Words


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["品牌"], ["品牌战略", "乙", "甲"]),
        (["品牌战略"], ["品牌战略"]),
        (["圖書"], ["甲"]),
        (["品牌", "图书馆"], ["甲"]),
        (["Brand"], ["乙"]),
        (["brands"], []),
        (["林渡"], ["甲"]),
        (["ada river"], ["甲"]),
        (["要闻"], ["乙"]),
        (["船舶学报"], ["甲"]),
        (["战"], ["品牌战略"]),
        (["茶"], []),
        (["の"], []),
        (["！"], []),
        (["品牌", "没有"], []),
    ],
)
def test_words_are_found_wherever_they_stand(
    store: Store, words: list[str], found: list[str]
) -> None:
    keep(
        store, "甲", text="圖書館裡的品牌，茶。", authors=("林渡", "Ada River"),
        journal="船舶学报", published=day("2026-11-01"),
    )  # fmt: skip
    keep(store, "乙", text="牌战是战略。品牌 BRAND", column="要闻", published=day("2026-11-02"))
    keep(store, "品牌战略", text="无", published=day("2026-11-03"))
    assert titles(store, words=tuple(words)) == found
    assert store.count(Selection(words=tuple(words))) == len(found)


def test_those_with_all_words_in_their_title_come_first(store: Store) -> None:
    for number, title in enumerate(["品牌与战略", "品牌战略", "品牌", "其他"]):
        keep(store, title, text=f"{number}品牌战略", published=day(f"2026-11-0{number + 1}"))
    both = Selection(words=("品牌", "战略"))
    newest = [each.entry.title for each in store.select(both)]
    assert newest == ["其他", "品牌", "品牌战略", "品牌与战略"]
    best = ["品牌战略", "品牌与战略", "其他", "品牌"]
    found = store.select(both, by_relevance=True)
    assert [each.entry.title for each in found] == best
    pages = [store.select(both, by_relevance=True, limit=1, offset=at) for at in range(5)]
    assert [each.entry.title for page in pages for each in page] == best
    phrase = Selection(words=("品牌战略",))
    found = store.select(phrase, by_relevance=True)
    assert [each.entry.title for each in found] == ["品牌战略", "其他", "品牌", "品牌与战略"]


def test_a_journals_name_finds_its_entries_until_it_has_another(store: Store) -> None:
    store.sync_sources([source("tea", title="茶叶通讯")], NOW)
    keep(store, "甲", source_id="tea", text="雾里的山")
    keep(store, "乙", text="雾里的船")
    assert titles(store, words=("茶叶", "雾里")) == ["甲"]
    assert titles(store, words=("茶叶通讯",)) == ["甲"]
    assert titles(store, words=("雾里",), without=("茶叶",)) == ["乙"]
    store.sync_sources([source("tea", title="山中来信")], NOW)
    assert titles(store, words=("茶叶", "雾里")) == []
    assert titles(store, words=("来信", "雾里")) == ["甲"]


def test_words_that_must_not_be_there_leave_entries_out(store: Store) -> None:
    keep(store, "甲", text="品牌战略与广告")
    keep(store, "乙", text="品牌与战略")
    assert titles(store, words=("品牌",), without=("广告",)) == ["乙"]
    assert titles(store, without=("品牌战略",)) == ["乙"]
    assert titles(store, words=("品牌",), without=("广告", "战略")) == []


def test_a_long_list_of_possible_texts_is_looked_at_to_its_end(store: Store) -> None:
    for number in range(120):
        keep(store, f"文{number}", text=f"第{number}篇：品牌、牌战、战略")
    keep(store, "最后", text="品牌战略", published=day("2020-01-01"))
    assert titles(store, words=("品牌战略",)) == ["最后"]
    assert store.count(Selection(words=("品牌战略",))) == 1
    assert store.count(Selection(words=("牌战",)), most=100) == 100
    assert store.count(Selection(words=("牌战",)), most=200) == 121


def test_signs_of_the_databases_own_languages_are_only_signs(store: Store) -> None:
    keep(store, "甲", text="AND OR NOT NEAR 品牌")
    for words in (
        'AND"',
        "NOT",
        "品牌*",
        "品牌' & !",
        '") OR ("',
        "near(品牌)",
        "a:品牌",
        "%品牌_",
    ):
        assert titles(store, words=(words,)) in (["甲"], []), words
    assert titles(store, words=("NOT", "near")) == ["甲"]


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_postgres_reads_the_index_and_not_the_tokens_of_every_article(
    emptied: Callable[[], str],
) -> None:
    """Its planner takes a look into an article's tokens for a comparison of two numbers."""
    asked: list[str] = []
    with Store.open(emptied(), authority="feeds.example.org", now=NOW) as store:
        store.sync_sources([source()], NOW)
        for number in range(60):
            keep(store, f"文{number}", text=f"第{number}篇：品牌与战略")
        engine = store._database.engine

        @event.listens_for(engine, "before_cursor_execute")
        def explain(_: object, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
            if "words.tokens" in statement:
                cursor.execute(f"EXPLAIN {statement}", parameters)
                asked.append("\n".join(row[0] for row in cursor.fetchall()))

        wanted = Selection(words=("品牌",), without=("没有",))
        for _ in range(12):  # of a statement that comes often, it keeps one plan for all words
            store.select(wanted, limit=20, by_relevance=True)
            store.count(wanted, most=10)
    assert len(asked) == 12 * 3
    for plan in asked:
        assert "Bitmap Index Scan on words_tokens" in plan, plan
        assert not re.search(r"(Seq Scan|Index Scan using \w+) on words", plan), plan


# What is kept follows what is kept


def test_a_revision_is_found_by_its_new_words_only(store: Store) -> None:
    first = sighting(text="码头上的驳船，第一次出航。" * 3, authors=("林渡",), column="要闻")
    store.keep(first)
    before = words_of(store)
    changed = {"text": "茶园里的薄雾，第一次采摘。" * 3, "authors": ("周行",), "column": "图片"}
    store.keep(later(first, DAY, **changed))
    assert titles(store, words=("驳船",)) == []
    assert len(titles(store, words=("薄雾",))) == 1
    assert titles(store, authors=frozenset({"林渡"})) == []
    assert [each.name for each in store.authors("ship")] == ["周行"]
    assert [each.name for each in store.columns("ship")] == ["图片"]
    store.keep(later(first, 2 * DAY))
    assert words_of(store) == before


def test_a_correction_is_found_and_its_undoing_too(store: Store) -> None:
    id_ = keep(store, "渡口的灯", published=day("2026-11-20"))
    wanted = Wanted(title="渡口的灯火", published="2021-02-27", authors=("周行",))
    store.corrections.put(id_, wanted, who="林", why="错字", now=NOW + DAY)
    assert titles(store, words=("灯火",), years=(2021, 2021)) == ["渡口的灯火"]
    assert titles(store, authors=frozenset({"周行"})) == ["渡口的灯火"]
    for field in (CorrectedField.TITLE, CorrectedField.PUBLISHED):
        store.corrections.undo(id_, field, who="林", why="误", now=NOW + DAY)
    assert titles(store, words=("的灯",), years=(2026, 2026)) == ["渡口的灯"]
    assert titles(store, years=(2021, 2021)) == []


def test_what_is_withdrawn_is_never_chosen_and_leaves_no_word(store: Store) -> None:
    id_ = keep(store, "甲", authors=("林渡",), column="要闻", number="4")
    with store._database.writing() as connection:
        set_state(connection, "ship", load(connection, id_), EntryState.WITHDRAWN, since=NOW)
    assert store.select(Selection()) == []
    assert store.select(Selection(words=("正文",))) == []
    assert store.count(Selection()) == 0
    assert (store.issues("ship"), store.columns("ship"), store.authors("ship")) == ([], [], [])
    assert words_of(store) == 0
    # A page that changes after that stays out, and the entry can come back.
    with store._database.writing() as connection:
        catalogue.revise(
            connection, entry_id=id_, entry=sighting().entry, ordered=NOW, zone="Asia/Shanghai"
        )
    assert store.count(Selection()) == 0
    with store._database.writing() as connection:
        set_state(connection, "ship", load(connection, id_), EntryState.LIVE, since=NOW)
    assert titles(store, words=("正文",)) == ["甲"]


def test_vanished_and_retracted_entries_are_chosen_still(store: Store) -> None:
    keep(store, "甲")
    keep(store, "乙", is_retracted=True)
    assert store.vanish("ship", "https://ship.example/0", NOW + DAY, 410)
    assert store.count(Selection()) == 2


# Filters


def test_entries_are_chosen_newest_first_page_by_page(store: Store) -> None:
    for number in range(5):
        keep(store, f"文{number}", published=day(f"2026-11-1{number // 2}"))
    everything = store.entries("ship")
    assert store.select(Selection()) == everything
    assert store.select(Selection(), limit=2) == everything[:2]
    assert store.select(Selection(), limit=2, before=everything[1]) == everything[2:4]
    assert store.select(Selection(), limit=2, offset=4) == everything[4:]
    assert store.select(Selection(), before=NOW.replace(day=11, hour=0)) == everything[1:]
    assert (
        store.select(Selection(words=("正文",)), limit=2, before=everything[1]) == everything[2:4]
    )


def test_entries_are_chosen_by_source_issue_column_author_and_time(store: Store) -> None:
    store.sync_sources([source("tea")], NOW)
    keep(
        store,
        "甲",
        number="4",
        column="要闻",
        authors=("林渡", "周行"),
        published=day("2026-04-02"),
    )
    keep(store, "乙", number="5", column="要聞", authors=("林 渡",), published=day("2026-05-02"))
    keep(store, "丙", source_id="tea", number="4", published=day("2025-04-02"))
    assert titles(store, sources=frozenset({"tea"})) == ["丙"]
    assert titles(store, sources=frozenset()) == []
    assert titles(store, sources=frozenset({"ship"}), issue="2026-4") == ["甲"]
    assert titles(store, issue="2025-4") == ["丙"]
    assert titles(store, columns=frozenset({key_of("要闻")})) == ["乙", "甲"]
    assert titles(store, authors=frozenset({key_of("林渡")})) == ["乙", "甲"]
    assert titles(store, authors=frozenset({key_of("林渡"), key_of("周行")})) == ["甲"]
    assert titles(store, years=(2025, 2025)) == ["丙"]
    assert titles(store, since=NOW.replace(month=4, day=10)) == ["乙"]
    assert titles(store, until=NOW.replace(month=4, day=10)) == ["甲", "丙"]
    assert titles(store, words=("正文",), sources=frozenset({"ship"}), years=(2026, 2026)) == (
        ["乙", "甲"]
    )


def test_the_printed_year_counts_where_the_day_is_another_one_in_utc(store: Store) -> None:
    keep(store, "元旦", published=day("2026-01-01"))
    keep(store, "无日期", published=None, seen=NOW)
    assert titles(store, years=(2025, 2025)) == []
    assert titles(store, years=(2026, 2026)) == ["无日期", "元旦"]


def notices(store: Store, wanted: frozenset[NoticeClass], **rights: Rights) -> set[str | None]:
    found = store.select(Selection(notices=wanted), rights=rights)
    assert store.count(Selection(notices=wanted), rights=rights) == len(found)
    return {each.entry.title for each in found}


def test_the_notice_that_counts_is_the_pages_with_the_operators_word(store: Store) -> None:
    store.sync_sources([source("tea")], NOW)
    for source_id in ("ship", "tea"):
        for class_ in ("free", "permission", "reserved"):
            keep(store, f"{source_id} {class_}", source_id=source_id, notice=notice(class_=class_))
        keep(store, f"{source_id} none", source_id=source_id)
    assert notices(store, REUSABLE) == {"ship free", "tea free"}
    assert notices(store, frozenset({NoticeClass.NONE})) == {"ship none", "tea none"}
    # Where pages are silent, the operator's word counts.
    letter = Rights(notice="free-attribution", text="来信同意")
    assert notices(store, REUSABLE, tea=letter) == {
        *("ship free", "tea free", "tea reserved", "tea none"),
    }
    # And where it is stricter.
    assert notices(store, REUSABLE, ship=Rights(notice="forbidden")) == {"tea free"}
    assert (
        len(notices(store, frozenset({NoticeClass.FORBIDDEN}), ship=Rights(notice="forbidden")))
        == 4
    )


def test_what_is_free_but_not_for_commerce_is_not_reusable(store: Store) -> None:
    made = notice(class_="free")
    bound = type(made)(class_=made.class_, text=made.text, obligations=("noncommercial",))
    keep(store, "甲", notice=bound)
    assert notices(store, REUSABLE) == set()
    assert notices(store, frozenset({NoticeClass.NC_ATTRIBUTION})) == {"甲"}


def test_a_journals_issues_are_counted_newest_first(store: Store) -> None:
    for title, number, date in (
        ("甲", "4", "2026-04-02"), ("乙", "4", "2026-04-03"), ("丙", "增刊", "2026-06-01"),
        ("丁", "12", "2025-12-01"), ("戊", None, "2026-04-01"),
    ):  # fmt: skip
        keep(store, title, number=number, volume="45", published=day(date))
    found = store.issues("ship")
    assert [(each.issue.slug, each.entries) for each in found] == [
        *(("2026-zengkan", 1), ("2026-4", 2), ("2026-v45", 1), ("2025-12", 1)),
    ]
    assert (found[1].issue.volume, found[1].issue.number) == ("45", "4")
    assert found[1].newest == store.select(Selection(issue="2026-4"))[0].first_seen.replace(
        month=4, day=2, hour=16, minute=0
    )


def test_columns_and_authors_are_counted_most_articles_first(store: Store) -> None:
    keep(store, "甲", column="要闻", authors=("Ada River",), published=day("2026-11-01"))
    keep(store, "乙", column="图片", authors=("林渡", "！"), published=day("2026-11-02"))
    keep(store, "丙", column="图片", authors=("ada river", "林渡", "林渡"))
    assert [(each.name, each.entries) for each in store.columns("ship")] == [
        *(("图片", 2), ("要闻", 1)),
    ]
    assert [(each.key, each.entries) for each in store.authors("ship")] == [
        *(("adariver", 2), ("林渡", 2)),
    ]
    assert store.authors("tea") == []


# Filling


def unfilled(store: Store) -> None:
    """As a store of an older release is: its catalogue of another version."""
    with store._database.writing() as connection:
        facts = schema.facts
        connection.execute(
            update(facts).where(facts.c.name == "catalogue").values(value="an older one")
        )


def test_a_catalogue_of_another_version_is_made_anew(
    store: Store, store_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(7):
        keep(store, f"文{number}", authors=("林渡",), number="4")
    withdrawn = keep(store, "撤", authors=("周行",))
    with store._database.writing() as connection:
        set_state(connection, "ship", load(connection, withdrawn), EntryState.WITHDRAWN, since=NOW)
    before, words = store.select(Selection(words=("正文",))), words_of(store)
    unfilled(store)
    with caplog.at_level("INFO"), Store.open(store_url) as again:
        assert again.select(Selection(words=("正文",))) == before
        assert [each.entries for each in again.authors("ship")] == [7]
        assert words_of(again) == words
    assert "catalogue filled entries=7" in caplog.text
    with Store.open(store_url):
        pass
    assert caplog.text.count("catalogue filled") == 1


def test_filling_goes_on_where_it_was_interrupted(
    store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        keep(store, f"文{number}")
    before, words = store.select(Selection(words=("正文",))), words_of(store)
    unfilled(store)
    monkeypatch.setattr(catalogue, "_NEXT", catalogue._NEXT.limit(2))
    monkeypatch.setattr(catalogue, "_BATCH", 2)
    assert next(catalogue._steps(store._database)) == 2
    with Store.open(store_url) as again:
        assert again.select(Selection(words=("正文",))) == before
        assert words_of(again) == words


def test_as_much_as_a_query_may_have_is_asked(store: Store) -> None:
    text_ = "".join(chr(0x4E00 + number) for number in range(1000))
    id_ = keep(store, "甲", text=text_)
    many = tuple(text_[at : at + 5] for at in range(0, 200, 5))
    for words in ((text_,), many):
        selection = Selection(words=words, without=("品牌战略",) * 40)
        assert [each.id for each in store.select(selection, by_relevance=True)] == [id_]
        assert store.count(selection) == 1


def test_a_name_longer_than_any_index_takes_is_kept_and_found(store: Store) -> None:
    keep(store, "甲", authors=("林" * 5000,), column="要" * 5000)
    assert titles(store, authors=frozenset({key_of("林" * 5000)})) == ["甲"]


def test_a_text_longer_than_any_index_takes_is_kept_and_found(store: Store) -> None:
    text_ = "".join(chr(0x4E00 + (number * 7919) % 20_000) for number in range(400_000))
    keep(store, "长", text=text_)
    assert titles(store, words=(text_[1000:1006],)) == ["长"]
    assert titles(store, words=("长",)) == ["长"]


@pytest.mark.parametrize(
    "bad", ["\ud800品牌\udfff", "品牌\0", "\ue000ship\ue001品牌", "品牌\u202e"]
)
def test_no_text_is_too_strange_to_keep(store: Store, bad: str) -> None:
    keep(store, bad, text=bad, authors=(bad,), column=bad)
    assert store.count(Selection(words=("品牌",))) == 1
    assert store.count(Selection(words=(bad,))) == 1


def test_a_sighting_kept_twice_is_one_in_the_catalogue(store: Store) -> None:
    one: Sighting = sighting()
    store.keep(one)
    store.keep(later(one, timedelta(hours=1)))
    assert store.count(Selection()) == 1
