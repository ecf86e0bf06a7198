"""The index of SQLite: FTS5 (https://www.sqlite.org/fts5.html)."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, Table, column, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.tutoring.search.relevance import relevance
from subgraphs.tutoring.search.words import indexed


class Fts5:
    """The table of texts is the index."""

    async def put(self, table: Table, key: str, texts: Mapping[str, str], to: AsyncConnection) -> None:
        [named] = table.primary_key.columns
        await to.execute(delete(table).where(named == key))
        await to.execute(
            insert(table).values({named.name: key, **{name: indexed(one) for name, one in texts.items()}})
        )

    def matching(self, table: Table, words: Sequence[str]) -> Select[tuple[str, int]]:
        [named] = table.primary_key.columns
        question = " ".join(f'"{word}"*' for word in words)
        telling = relevance(table, words).label("relevance")
        return select(named, telling).where(column(table.name).match(question))
