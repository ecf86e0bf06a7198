"""The tables of one generation of a read model: copies of its templates, under names of their own."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import Connection, Constraint, Index, MetaData, Table
from sqlalchemy.ext.asyncio import AsyncConnection

_LONGEST_NAME: Final = 63  # PostgreSQL cuts off what is longer


class Tables:
    """`tables[template]` is this generation's copy of a template.

    ValueError for a template that refers to other tables, which a copy could not follow, or whose name is too
    long to be told from that of the next generation.
    """

    def __init__(self, templates: Iterable[Table], generation: int) -> None:
        metadata = MetaData()
        suffix = f"_g{generation}"
        self._copies: dict[Table, Table] = {}
        for template in templates:
            if template.foreign_keys:
                raise ValueError(f"{template.name} is a read model, and refers to another table")
            copy = template.to_metadata(metadata, name=template.name + suffix)
            named: list[Index | Constraint] = [*copy.indexes, *copy.constraints]
            for part in named:
                if part.name:
                    part.name = f"{part.name}{suffix}"
            self._copies[template] = copy
            for name in (copy.name, *(str(part.name) for part in copy.indexes)):
                if len(name) > _LONGEST_NAME:
                    raise ValueError(f"{name} is longer than {_LONGEST_NAME} characters")
        self._metadata = metadata

    def __getitem__(self, template: Table) -> Table:
        return self._copies[template]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(copy.name for copy in self._copies.values())

    async def create(self, connection: AsyncConnection) -> None:
        """Make them, empty, in an open transaction: what of these names is left of anything is gone."""
        await drop_tables(connection, self.names)
        await connection.run_sync(self._create)

    def _create(self, connection: Connection) -> None:
        self._metadata.create_all(connection, checkfirst=False)


async def drop_tables(connection: AsyncConnection, names: Sequence[str]) -> None:
    """Drop tables by name, as far as they are there: the code that made them may be gone."""

    def drop_all(sync: Connection) -> None:
        metadata = MetaData()
        for name in names:
            Table(name, metadata)
        metadata.drop_all(sync)

    await connection.run_sync(drop_all)
