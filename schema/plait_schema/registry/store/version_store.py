"""Variants and their versions, and the texts that they point to."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert  # SQLite speaks the same ON CONFLICT
from sqlalchemy.ext.asyncio import AsyncConnection

from plait_schema.registry.errors import NOT_FOUND
from plait_schema.registry.model import (
    ContractVariant,
    State,
    Variant,
    VariantId,
    Version,
)
from plait_schema.registry.store import auditing
from plait_schema.registry.store.artifacts import forget_unused_texts, keep_texts, texts_of
from plait_schema.registry.store.contract_store import contracts_of, put_contract
from plait_schema.registry.store.database import Database
from plait_schema.registry.store.tables import variants, versions
from plait_schema.registry.store.version_rows import row_of_version, variant_of_row, version_of_row
from plait_schema.registry.store.webhook_store import announce
from plait_schema.registry.webhooks.events import event_of_version


class VersionStore:
    """Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def variants(self) -> tuple[Variant, ...]:
        """All of them, by graph and name."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(variants).order_by(variants.c.graph, variants.c.variant))
            return tuple(variant_of_row(row) for row in rows.mappings())

    async def variant(self, variant_id: VariantId) -> Variant | None:
        async with self._database.read() as connection:
            return await _find_variant(connection, variant_id)

    async def existing(self, variant_id: VariantId) -> Variant:
        """Raises RegistryError (NOT_FOUND)."""
        variant = await self.variant(variant_id)
        if variant is None:
            raise NOT_FOUND.because(f"there is no {variant_id}.")
        return variant

    async def serving(self, variant_ids: Iterable[VariantId]) -> Mapping[VariantId, int | None]:
        """The numbers of the versions that the variants of these graphs serve."""
        graphs = {variant_id.graph for variant_id in variant_ids}
        query = select(variants.c.graph, variants.c.variant, variants.c.serving)
        async with self._database.read() as connection:
            rows = await connection.execute(query.where(variants.c.graph.in_(graphs)))
            return {VariantId(row.graph, row.variant): row.serving for row in rows}

    async def head(self, variant_id: VariantId) -> tuple[Variant | None, Version | None, Mapping[str, str]]:
        """The variant, the version to build on, and the SDL of each of its subgraphs, by digest."""
        async with self._database.read() as connection:
            variant = await _find_variant(connection, variant_id)
            if variant is None or not variant.head:
                return variant, None, {}
            version = await _find_version(connection, variant_id, variant.head)
            assert version is not None
            return variant, version, await texts_of(connection, [part.digest for part in version.parts])

    async def version(self, variant_id: VariantId, number: int) -> Version:
        """Raises RegistryError (NOT_FOUND)."""
        async with self._database.read() as connection:
            version = await _find_version(connection, variant_id, number)
        if version is None:
            raise NOT_FOUND.because(f"{variant_id} has no version {number}.")
        return version

    async def history(self, variant_id: VariantId, *, before: int | None, limit: int) -> tuple[Version, ...]:
        """The newest first; `before` goes on where the last page ended."""
        query = _of(variant_id).order_by(versions.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(versions.c.number < before)
        async with self._database.read() as connection:
            return tuple(version_of_row(row) for row in (await connection.execute(query)).mappings())

    async def text(self, digest: str) -> str:
        """Raises RegistryError (NOT_FOUND)."""
        async with self._database.read() as connection:
            found = await texts_of(connection, [digest])
        if digest not in found:
            raise NOT_FOUND.because(f"there is no artifact {digest}.")
        return found[digest]

    async def append(
        self,
        version: Version,
        texts: Iterable[str],
        *,
        contracts: Sequence[ContractVariant] = (),
        following: Sequence[Version] = (),
    ) -> bool:
        """Store the next version, move the variant to it as its state says, and put it on record.

        With it go the versions of its contracts. False, and nothing is stored, when another version with the
        number of one of them came first, or when its contracts are no longer these.
        """
        with suppress(_OvertakenError):
            async with self._database.write() as connection:
                await _append(connection, version)  # first: others who change the variant wait for its row
                if await contracts_of(connection, version.variant_id) != tuple(contracts):
                    raise _OvertakenError
                for one in following:
                    await _append(connection, one)
                await keep_texts(connection, texts)
            return True
        return False

    async def append_contract(
        self, contract: ContractVariant, version: Version, texts: Iterable[str], *, source: Variant
    ) -> bool:
        """Make the variant a contract, unless that is refused, with its next version.

        False, and nothing is stored, when somebody has changed it or its source meanwhile.
        """
        with suppress(_OvertakenError):
            async with self._database.write() as connection:
                held = update(variants).where(*_at(source)).values(latest=source.latest)
                if (await connection.execute(held)).rowcount == 0:
                    raise _OvertakenError
                if version.state is not State.REFUSED:
                    await put_contract(connection, contract, by=version.by, at=version.at)
                await _append(connection, version)
                await keep_texts(connection, texts)
            return True
        return False

    async def prune(self, *, before: datetime, keep: int) -> int:
        """Forget versions from before then, and texts that none points to. Returns how many versions went.

        Each variant keeps its newest `keep` versions, what it builds on, and what it serves.
        """
        kept = variants.c.latest - keep
        old = (
            select(versions.c.graph, versions.c.variant, versions.c.number)
            .join(
                variants, (variants.c.graph == versions.c.graph) & (variants.c.variant == versions.c.variant)
            )
            .where(
                versions.c.at < before,
                versions.c.number <= kept,
                versions.c.number != variants.c.head,
                versions.c.number != func.coalesce(variants.c.serving, 0),
            )
        )
        async with self._database.write() as connection:
            if self._database.is_shared:  # a text that is about to be used again must not go meanwhile
                await connection.execute(text("LOCK TABLE registry_variant IN EXCLUSIVE MODE"))
            gone = (await connection.execute(old)).all()
            for graph, variant, number in gone:
                await connection.execute(delete(versions).where(*_is(VariantId(graph, variant), number)))
            if gone:
                await forget_unused_texts(connection)
        return len(gone)


class _OvertakenError(Exception):
    """Somebody else was faster: the transaction is rolled back."""


async def _append(connection: AsyncConnection, version: Version) -> None:
    if not await _advance(connection, version):
        raise _OvertakenError
    await connection.execute(insert(versions).values(row_of_version(version)))
    await auditing.record(
        connection,
        at=version.at,
        by=version.by,
        action=str(version.cause),
        target=str(version.variant_id),
        detail={"version": version.number, "state": str(version.state)},
    )
    await announce(connection, event_of_version(version))


async def _advance(connection: AsyncConnection, version: Version) -> bool:
    """Whether the variant has moved from the version before to this one."""
    variant_id, number = version.variant_id, version.number
    head = {} if version.state is State.REFUSED else {"head": number}
    serving = {"serving": number} if version.state is State.COMPOSED else {}
    if number == 1:
        row = {
            "graph": variant_id.graph,
            "variant": variant_id.variant,
            "latest": 1,
            "created_at": version.at,
        }
        values = {"head": 0, "serving": None, **row, **head, **serving}
        made = await connection.execute(insert(variants).values(values).on_conflict_do_nothing())
        return made.rowcount == 1
    moved = await connection.execute(
        update(variants)
        .where(
            variants.c.graph == variant_id.graph,
            variants.c.variant == variant_id.variant,
            variants.c.latest == number - 1,
        )
        .values(latest=number, **head, **serving)
    )
    return moved.rowcount == 1


async def _find_variant(connection: AsyncConnection, variant_id: VariantId) -> Variant | None:
    query = select(variants).where(
        variants.c.graph == variant_id.graph, variants.c.variant == variant_id.variant
    )
    row = (await connection.execute(query)).mappings().first()
    return None if row is None else variant_of_row(row)


async def _find_version(connection: AsyncConnection, variant_id: VariantId, number: int) -> Version | None:
    query = select(versions).where(*_is(variant_id, number))
    row = (await connection.execute(query)).mappings().first()
    return None if row is None else version_of_row(row)


def _of(variant_id: VariantId) -> Select[Any]:
    return select(versions).where(
        versions.c.graph == variant_id.graph, versions.c.variant == variant_id.variant
    )


def _is(variant_id: VariantId, number: int) -> tuple[Any, ...]:
    return (
        versions.c.graph == variant_id.graph,
        versions.c.variant == variant_id.variant,
        versions.c.number == number,
    )


def _at(variant: Variant) -> tuple[Any, ...]:
    """The row of the variant, as long as it is as it was."""
    return (
        variants.c.graph == variant.variant_id.graph,
        variants.c.variant == variant.variant_id.variant,
        variants.c.latest == variant.latest,
    )
