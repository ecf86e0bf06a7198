"""The audit log: written in the transaction of what it tells of."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from plait_schema.registry.store.tables import audit


async def record(
    connection: AsyncConnection,
    *,
    at: datetime,
    by: str,
    action: str,
    target: str,
    detail: Mapping[str, Any] | None = None,
) -> None:
    row = {"at": at, "by": by, "action": action, "target": target, "detail": dict(detail or {})}
    await connection.execute(insert(audit).values(row))
