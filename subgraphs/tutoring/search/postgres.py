"""The index of PostgreSQL: tsvector (https://www.postgresql.org/docs/current/textsearch.html)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Index, Select, Table, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.tutoring.search.relevance import relevance
from subgraphs.tutoring.search.words import indexed

_WEIGHTS: Final = "ABCD"
_SIMPLE: Final[ColumnElement[Any]] = literal_column("'simple'::regconfig")  # of no language


def words_index(table: Table) -> Index:
    """The index of a table of texts."""
    index = Index(f"{table.name}_words", _vector(table), postgresql_using="gin")
    table.indexes.discard(index)  # other databases have none
    return index


def _vector(table: Table) -> ColumnElement[Any]:
    """The words of a row, weighed by their columns: the expression that is indexed."""
    texts = [column for column in table.columns if not column.primary_key]
    parts: list[ColumnElement[Any]] = [
        func.setweight(func.to_tsvector(_SIMPLE, text), literal_column(f"'{weight}'"))
        for text, weight in zip(texts, _WEIGHTS, strict=False)
    ]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.op("||")(part)
    return whole


class Tsvector:
    """A GIN index over the words of all columns."""

    async def put(self, table: Table, key: str, texts: Mapping[str, str], to: AsyncConnection) -> None:
        [named] = table.primary_key.columns
        words = {name: indexed(one) for name, one in texts.items()}
        row = insert(table).values({named.name: key, **words})
        await to.execute(row.on_conflict_do_update(index_elements=[named], set_=words))

    def matching(self, table: Table, words: Sequence[str]) -> Select[tuple[str, int]]:
        [named] = table.primary_key.columns
        question = func.to_tsquery(_SIMPLE, literal(" & ".join(f"{word}:*" for word in words)))
        telling = relevance(table, words).label("relevance")
        return select(named, telling).where(_vector(table).op("@@")(question))
