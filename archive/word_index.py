"""Which texts have which tokens: SQLite's FTS5 and PostgreSQL's GIN behind one seam.

Both are told the tokens (words.py) and find texts by them; neither knows a place in a text. What
they are asked is a conjunction of alternatives, each a conjunction of tokens. Inside the store's
transactions.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import cast, column, func, literal, table, text
from sqlalchemy.dialects.postgresql import TSQUERY

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement, Connection, TableClause

    #: All of these; of each, one of its alternatives, with all its tokens.
    Asked = Sequence[Sequence[Collection[str]]]


class WordIndex(ABC):
    """The tokens of each text, by its number in the catalogue. `table` holds a row for each;
    `number` is that row's column."""

    table: ClassVar[TableClause]
    number: ClassVar[ColumnElement[int]]
    _AND: ClassVar[str]
    _OR: ClassVar[str]

    @abstractmethod
    def add(self, connection: Connection, number: int, tokens: Collection[str]) -> None:
        """A text has these tokens. It had none before."""

    @abstractmethod
    def remove(self, connection: Connection, number: int, tokens: Collection[str]) -> None:
        """A text is no more. The tokens must be those that it was added with."""

    @abstractmethod
    def clear(self, connection: Connection) -> None:
        """No text has a token."""

    @abstractmethod
    def matches(self, asked: Asked) -> ColumnElement[bool]:
        """Whether a row of the table has what is asked for."""

    @abstractmethod
    def weigh(self, connection: Connection) -> None:
        """Before a transaction asks for words: tell the planner what these cost, where it errs."""

    @abstractmethod
    def _quoted(self, token: str) -> str:
        """A token in the database's own language of queries."""

    def _words(self, asked: Asked) -> str:
        """What is asked for, in the database's own language of queries."""
        return self._AND.join(f"({self._OR.join(map(self._all_of, each))})" for each in asked)

    def _all_of(self, tokens: Collection[str]) -> str:
        return f"({self._AND.join(map(self._quoted, sorted(tokens)))})"


class SqliteWords(WordIndex):
    """FTS5 without contents. The tokenizer only parts at blanks: what a token is, is ours."""

    table = table("words", column("rowid"), column("words"))
    number = table.c.rowid
    _AND, _OR = " AND ", " OR "
    _ADD = text("INSERT INTO words (rowid, tokens) VALUES (:number, :tokens)")
    _REMOVE = text("INSERT INTO words (words, rowid, tokens) VALUES ('delete', :number, :tokens)")
    _CLEAR = text("INSERT INTO words (words) VALUES ('delete-all')")

    def weigh(self, connection: Connection) -> None:
        """It has one way to find a token, and takes it."""

    def add(self, connection: Connection, number: int, tokens: Collection[str]) -> None:
        connection.execute(self._ADD, {"number": number, "tokens": " ".join(tokens)})

    def remove(self, connection: Connection, number: int, tokens: Collection[str]) -> None:
        connection.execute(self._REMOVE, {"number": number, "tokens": " ".join(tokens)})

    def clear(self, connection: Connection) -> None:
        connection.execute(self._CLEAR)

    def matches(self, asked: Asked) -> ColumnElement[bool]:
        made: ColumnElement[bool] = self.table.c.words.op("MATCH", is_comparison=True)(
            self._words(asked)
        )
        return made

    def _quoted(self, token: str) -> str:
        return f'"{token}"'


class PostgresWords(WordIndex):
    """A tsvector without places: those end at 16,383, and a token's at 256."""

    table = table("words", column("number"), column("tokens"))
    number = table.c.number
    _AND, _OR = " & ", " | "
    _ADD = text(
        "INSERT INTO words (number, tokens) "
        "VALUES (:number, array_to_tsvector(CAST(:tokens AS text[])))"
    )
    _REMOVE = text("DELETE FROM words WHERE number = :number")
    _CLEAR = text("TRUNCATE words")
    # To look into one article's tokens is to fetch some 20 kB from beside the table. The planner
    # takes it for a comparison of two numbers, and read the tokens of every article instead of the
    # index: 2.4 s for a rare word among 20,000. A plan that is kept for all words fits none.
    _WEIGH = text(
        "SELECT set_config(name, value, true) FROM (VALUES "
        "('enable_seqscan', 'off'), ('enable_indexscan', 'off'), ('cpu_operator_cost', '1'), "
        "('plan_cache_mode', 'force_custom_plan')) AS said (name, value)"
    )

    def weigh(self, connection: Connection) -> None:
        connection.execute(self._WEIGH)

    def add(self, connection: Connection, number: int, tokens: Collection[str]) -> None:
        connection.execute(self._ADD, {"number": number, "tokens": list(tokens)})

    def remove(self, connection: Connection, number: int, tokens: Collection[str]) -> None:
        connection.execute(self._REMOVE, {"number": number})

    def clear(self, connection: Connection) -> None:
        connection.execute(self._CLEAR)

    def matches(self, asked: Asked) -> ColumnElement[bool]:
        query = cast(literal(self._words(asked)), TSQUERY)
        made: ColumnElement[bool] = self.table.c.tokens.op("@@", is_comparison=True)(query)
        return made

    def _quoted(self, token: str) -> str:
        return f"'{token}'"


_KINDS: dict[str, WordIndex] = {"sqlite": SqliteWords(), "postgresql": PostgresWords()}


def word_index(connection: Connection) -> WordIndex:
    """The one that a database has."""
    return _KINDS[connection.dialect.name]


def contains(text_column: ColumnElement[str], pattern: str, dialect: Any) -> ColumnElement[bool]:
    """Whether a keyed text has a phrase's pattern, wherever in it."""
    find = func.instr if dialect.name == "sqlite" else func.strpos
    return find(text_column, pattern) > 0
