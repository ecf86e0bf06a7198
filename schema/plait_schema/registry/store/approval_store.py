"""Approvals: findings that later checks of a variant let pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert  # SQLite speaks the same ON CONFLICT

from plait_schema.checks import Approval
from plait_schema.registry.errors import NOT_FOUND
from plait_schema.registry.model import VariantId
from plait_schema.registry.store import auditing
from plait_schema.registry.store.database import Database
from plait_schema.registry.store.tables import approvals


@dataclass(frozen=True, slots=True)
class RecordedApproval:
    """An approval; `finding` says in words what it is of, where it was given for a finding of `check`."""

    approval: Approval
    check: int | None = None
    finding: str | None = None


class ApprovalStore:
    """Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, variant_id: VariantId, given: Sequence[RecordedApproval], *, now: datetime) -> None:
        """Remember them, all or none; an earlier one of the same finding is replaced."""
        async with self._database.write() as connection:
            for one in given:
                approval = one.approval
                values = {
                    "reason": approval.reason,
                    "by": approval.by,
                    "at": now,
                    "until": approval.until,
                    "check": one.check,
                    "finding": one.finding,
                }
                key = {
                    "graph": variant_id.graph,
                    "variant": variant_id.variant,
                    "fingerprint": approval.fingerprint,
                }
                await connection.execute(
                    insert(approvals)
                    .values(**key, **values)
                    .on_conflict_do_update(index_elements=list(key), set_=values)
                )
                await auditing.record(
                    connection,
                    at=now,
                    by=approval.by,
                    action="approve",
                    target=str(variant_id),
                    detail={
                        "fingerprint": approval.fingerprint,
                        "finding": one.finding,
                        "check": one.check,
                        "reason": approval.reason,
                    },
                )

    async def withdraw(self, variant_id: VariantId, fingerprint: str, *, by: str, now: datetime) -> None:
        """Raises RegistryError (NOT_FOUND)."""
        async with self._database.write() as connection:
            gone = await connection.execute(
                delete(approvals).where(
                    approvals.c.graph == variant_id.graph,
                    approvals.c.variant == variant_id.variant,
                    approvals.c.fingerprint == fingerprint,
                )
            )
            if gone.rowcount == 0:
                raise NOT_FOUND.because(f"nobody approved {fingerprint} for {variant_id}.")
            await auditing.record(
                connection,
                at=now,
                by=by,
                action="approval-withdraw",
                target=str(variant_id),
                detail={"fingerprint": fingerprint},
            )

    async def all(self, variant_id: VariantId) -> Mapping[str, RecordedApproval]:
        """By fingerprint, the newest first."""
        query = (
            select(approvals)
            .where(approvals.c.graph == variant_id.graph, approvals.c.variant == variant_id.variant)
            .order_by(approvals.c.at.desc(), approvals.c.fingerprint)
        )
        async with self._database.read() as connection:
            return {
                row["fingerprint"]: RecordedApproval(
                    Approval(row["fingerprint"], row["by"], row["reason"], row["until"]),
                    row["check"],
                    row["finding"],
                )
                for row in (await connection.execute(query)).mappings()
            }
