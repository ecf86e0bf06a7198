"""Which variants are contracts of which others."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert  # SQLite speaks the same ON CONFLICT
from sqlalchemy.ext.asyncio import AsyncConnection

from plait_schema.contract import Contract
from plait_schema.registry.errors import NOT_FOUND
from plait_schema.registry.model import ContractVariant, VariantId
from plait_schema.registry.store import auditing
from plait_schema.registry.store.database import Database
from plait_schema.registry.store.tables import Row, contracts


class ContractStore:
    """Every method is one transaction; the functions below are part of others'."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> Mapping[VariantId, ContractVariant]:
        async with self._database.read() as connection:
            rows = (await connection.execute(select(contracts))).mappings()
            return {one.variant_id: one for one in map(_contract, rows)}

    async def of(self, variant_id: VariantId) -> ContractVariant | None:
        """What the variant is a contract of, if it is one."""
        query = select(contracts).where(*_is(variant_id))
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        return None if row is None else _contract(row)

    async def with_source(self, source: VariantId) -> tuple[ContractVariant, ...]:
        """The contracts of a variant, by name."""
        async with self._database.read() as connection:
            return await contracts_of(connection, source)

    async def end(self, variant_id: VariantId, *, by: str, now: datetime) -> None:
        """Let it be a variant like others. Raises RegistryError (NOT_FOUND) when it is no contract."""
        async with self._database.write() as connection:
            gone = await connection.execute(delete(contracts).where(*_is(variant_id)))
            if gone.rowcount == 0:
                raise NOT_FOUND.because(f"{variant_id} is no contract.")
            await auditing.record(connection, at=now, by=by, action="contract-end", target=str(variant_id))


async def contracts_of(connection: AsyncConnection, source: VariantId) -> tuple[ContractVariant, ...]:
    query = (
        select(contracts)
        .where(contracts.c.graph == source.graph, contracts.c.source == source.variant)
        .order_by(contracts.c.variant)
    )
    return tuple(_contract(row) for row in (await connection.execute(query)).mappings())


async def put_contract(
    connection: AsyncConnection, contract: ContractVariant, *, by: str, at: datetime
) -> None:
    key = {"graph": contract.variant_id.graph, "variant": contract.variant_id.variant}
    what = {
        "source": contract.source.variant,
        "include": sorted(contract.contract.include),
        "exclude": sorted(contract.contract.exclude),
        "hide_unreachable_types": contract.contract.hide_unreachable_types,
    }
    row = insert(contracts).values(**key, **what)
    await connection.execute(row.on_conflict_do_update(index_elements=list(key), set_=what))
    target = str(contract.variant_id)
    await auditing.record(connection, at=at, by=by, action="contract", target=target, detail=what)


def _is(variant_id: VariantId) -> tuple[Any, ...]:
    return (contracts.c.graph == variant_id.graph, contracts.c.variant == variant_id.variant)


def _contract(row: Row) -> ContractVariant:
    filters = Contract(
        row["variant"],
        frozenset(row["include"]),
        frozenset(row["exclude"]),
        row["hide_unreachable_types"],
    )
    graph = row["graph"]
    return ContractVariant(VariantId(graph, row["variant"]), VariantId(graph, row["source"]), filters)
