"""The texts that versions point to, each once, by its digest."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert  # SQLite speaks the same ON CONFLICT
from sqlalchemy.ext.asyncio import AsyncConnection

from plait_schema.delivery import digest_of
from plait_schema.registry.store.tables import artifacts, versions

_MOST_PARAMETERS: Final = 500  # of one statement: SQLite takes 32,766, older ones 999


async def keep_texts(connection: AsyncConnection, texts: Iterable[str]) -> None:
    """Store those that are not there yet."""
    for content in texts:
        row = {"digest": digest_of(content), "content": content}
        await connection.execute(insert(artifacts).values(row).on_conflict_do_nothing())


async def texts_of(connection: AsyncConnection, digests: Sequence[str]) -> dict[str, str]:
    """Those that are there, by digest."""
    found: dict[str, str] = {}
    for start in range(0, len(digests), _MOST_PARAMETERS):
        batch = digests[start : start + _MOST_PARAMETERS]
        rows = await connection.execute(select(artifacts).where(artifacts.c.digest.in_(batch)))
        found |= {row.digest: row.content for row in rows}
    return found


async def forget_unused_texts(connection: AsyncConnection) -> None:
    """Delete those that no version points to any more."""
    query = select(versions.c.parts, versions.c.supergraph, versions.c.api_schema)
    used: set[str] = set()
    for parts, *digests in await connection.execute(query):
        used.update(part["digest"] for part in parts)
        used.update(digest for digest in digests if digest)
    stored = set((await connection.execute(select(artifacts.c.digest))).scalars())
    for digest in stored - used:
        await connection.execute(delete(artifacts).where(artifacts.c.digest == digest))
