"""Checks that were made, and what is said for all of a variant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert  # SQLite speaks the same ON CONFLICT
from sqlalchemy.exc import IntegrityError

from plait_schema.checks import CheckSettings
from plait_schema.registry.errors import NOT_FOUND
from plait_schema.registry.model import Origin, VariantId
from plait_schema.registry.settings_form import settings_as_json, settings_of_json
from plait_schema.registry.store import auditing
from plait_schema.registry.store.database import Database
from plait_schema.registry.store.tables import Row, check_settings, checks
from plait_schema.registry.store.webhook_store import announce
from plait_schema.registry.webhooks.events import event_of_check

_ATTEMPTS: Final = 20  # at a number that others take at the same time
_LINE: Final = (
    *(column for column in checks.c if column.name != "report"),
    checks.c.report["counts"].label("counts"),
)


@dataclass(frozen=True, slots=True)
class RecordedCheck:
    """A check in a line; `counts` are findings by severity."""

    variant_id: VariantId
    number: int
    subgraph: str
    outcome: str
    counts: Mapping[str, int]
    origin: Origin
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReportedCheck(RecordedCheck):
    """A check with its report, as `plait check --format json` tells it."""

    report: Mapping[str, Any]

    @property
    def findings(self) -> Mapping[str, Mapping[str, Any]]:
        """Those of the report, by fingerprint."""
        sections = self.report["sections"]
        return {finding["fingerprint"]: finding for one in sections for finding in one["findings"]}


class CheckStore:
    """Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        variant_id: VariantId,
        subgraph: str,
        outcome: str,
        report: Mapping[str, Any],
        *,
        origin: Origin,
        by: str,
        now: datetime,
    ) -> ReportedCheck:
        """Record a check under the variant's next number."""
        row = {
            "graph": variant_id.graph,
            "variant": variant_id.variant,
            "subgraph": subgraph,
            "outcome": outcome,
            "report": report,
            "origin": {"author": origin.author, "commit": origin.commit, "message": origin.message},
            "by": by,
            "at": now,
        }
        for attempt in range(_ATTEMPTS):
            try:
                async with self._database.write() as connection:
                    highest = select(func.max(checks.c.number)).where(*_of(checks, variant_id))
                    number = ((await connection.execute(highest)).scalar() or 0) + 1
                    await connection.execute(insert(checks).values(**row, number=number))
                    told = event_of_check(variant_id, number, subgraph, report, origin=origin, by=by, at=now)
                    await announce(connection, told)
                break
            except IntegrityError:
                if attempt == _ATTEMPTS - 1:
                    raise
        counts = report["counts"]
        return ReportedCheck(variant_id, number, subgraph, outcome, counts, origin, by, now, report)

    async def check(self, variant_id: VariantId, number: int) -> ReportedCheck:
        """Raises RegistryError (NOT_FOUND)."""
        query = select(*_LINE, checks.c.report).where(*_of(checks, variant_id), checks.c.number == number)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            raise NOT_FOUND.because(f"{variant_id} has no check {number}.")
        return ReportedCheck(**_line(row), report=row["report"])

    async def history(
        self, variant_id: VariantId, *, before: int | None, limit: int
    ) -> tuple[RecordedCheck, ...]:
        """The newest first, without their reports, which can be large."""
        query = select(*_LINE).where(*_of(checks, variant_id)).order_by(checks.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(checks.c.number < before)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings()
            return tuple(RecordedCheck(**_line(row)) for row in rows)

    async def settings(self, variant_id: VariantId) -> CheckSettings:
        """What is said for all checks of the variant."""
        query = select(check_settings.c.settings).where(*_of(check_settings, variant_id))
        async with self._database.read() as connection:
            form = (await connection.execute(query)).scalar()
        return CheckSettings() if form is None else settings_of_json(form)

    async def set_settings(
        self, variant_id: VariantId, settings: CheckSettings, *, by: str, now: datetime
    ) -> None:
        """Say it, in place of what was said before."""
        key = {"graph": variant_id.graph, "variant": variant_id.variant}
        form = settings_as_json(settings)
        row = insert(check_settings).values(**key, settings=form)
        async with self._database.write() as connection:
            await connection.execute(
                row.on_conflict_do_update(index_elements=list(key), set_={"settings": form})
            )
            await auditing.record(
                connection, at=now, by=by, action="check-settings", target=str(variant_id), detail=form
            )

    async def prune(self, *, before: datetime) -> None:
        """Forget checks from before then."""
        async with self._database.write() as connection:
            await connection.execute(delete(checks).where(checks.c.at < before))


def _of(table: Any, variant_id: VariantId) -> tuple[Any, ...]:
    return (table.c.graph == variant_id.graph, table.c.variant == variant_id.variant)


def _line(row: Row) -> dict[str, Any]:
    return {
        "variant_id": VariantId(row["graph"], row["variant"]),
        "number": row["number"],
        "subgraph": row["subgraph"],
        "outcome": row["outcome"],
        "counts": row["counts"],
        "origin": Origin(**row["origin"]),
        "by": row["by"],
        "at": row["at"],
    }
