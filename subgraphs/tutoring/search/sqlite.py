"""The index of SQLite: FTS5 (https://www.sqlite.org/fts5.html)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, column, delete, func, insert, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.tutoring.search.words import indexed


class Fts5:
    """The table of texts is the index."""

    async def put(self, table: Table, key: str, texts: Mapping[str, str], to: AsyncConnection) -> None:
        [named] = table.primary_key.columns
        await to.execute(delete(table).where(named == key))
        await to.execute(
            insert(table).values({named.name: key, **{name: indexed(one) for name, one in texts.items()}})
        )

    def matching(self, table: Table, words: Sequence[str]) -> Select[tuple[str, float]]:
        [named] = table.primary_key.columns
        places = range(len(table.columns), 0, -1)  # the first column is the key, which has no words
        weights: list[ColumnElement[Any]] = [literal_column(f"{2**place}.0") for place in places]
        relevance = -func.bm25(literal_column(table.name), *weights)  # the better the smaller
        question = " ".join(f'"{word}"*' for word in words)
        return select(named, relevance.label("relevance")).where(column(table.name).match(question))
