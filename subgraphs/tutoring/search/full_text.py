"""Texts that are found by their words: one table, which each database indexes in its way."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from sqlalchemy import Column, Connection, MetaData, Select, String, Table, Text, event
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.compiler import DDLCompiler

from subgraphs.tutoring.search.postgres import Tsvector, words_index
from subgraphs.tutoring.search.sqlite import Fts5

_FULL_TEXT: Final = "full_text"


class SearchIndex(Protocol):
    """Finds the keys of texts by words. The table's copies of all generations are indexed alike."""

    async def put(self, table: Table, key: str, texts: Mapping[str, str], to: AsyncConnection) -> None:
        """This is what the texts of this key say from now on."""
        ...

    def matching(self, table: Table, words: Sequence[str]) -> Select[tuple[str, int]]:
        """The keys of the texts that have words which begin with all of these; with a `relevance`, which is
        the greater the more telling the columns are that the words stand in, and the same everywhere."""
        ...


def index_of(connection: AsyncConnection) -> SearchIndex:
    """The index of this database."""
    return Fts5() if connection.dialect.name == "sqlite" else Tsvector()


def full_text_table(name: str, metadata: MetaData, *, key: str, texts: Sequence[str]) -> Table:
    """A table of texts, the most telling column first."""
    columns: list[Column[str]] = [Column(one, Text, nullable=False) for one in texts]
    table = Table(
        name, metadata, Column(key, String(36), primary_key=True), *columns, info={_FULL_TEXT: True}
    )
    event.listen(table, "after_create", _index_words)
    return table


def _index_words(table: Table, connection: Connection, **_: object) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(CreateIndex(words_index(table)))


@compiles(CreateTable, "sqlite")
def _create_table(element: CreateTable, compiler: DDLCompiler, **options: object) -> str:
    """A table of texts is a virtual one, which is dropped like any other and takes its index with it."""
    if _FULL_TEXT not in element.element.info:
        ordinary: str = compiler.visit_create_table(element, **options)  # type: ignore[no-untyped-call]
        return ordinary
    key, *texts = (compiler.preparer.format_column(column) for column in element.element.columns)
    name = compiler.preparer.format_table(element.element)
    return f"CREATE VIRTUAL TABLE {name} USING fts5({key} UNINDEXED, {', '.join(texts)}, prefix='2 3')"
