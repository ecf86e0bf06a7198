"""Keeps the read models up to date, in the transaction of what they show.

class-roster       how each student of a class stands: meetings left, and those that they were at
attendance-report  how many were at each meeting
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Table, update
from sqlalchemy.dialects.postgresql import insert as upsert  # SQLite speaks the same ON CONFLICT
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.classes.domain.events import (
    AttendanceMarked,
    CreditAdjusted,
    CreditDeducted,
    StudentEnrolled,
)
from subgraphs.classes.domain.values import AttendanceStatus
from subgraphs.classes.tables import attendance_report, class_roster
from subgraphs.kernel.domain import DomainEvent

_NAMES: Final = {
    AttendanceStatus.PRESENT: "present_count",
    AttendanceStatus.LATE: "late_count",
    AttendanceStatus.ABSENT: "absent_count",
}


async def project(event: DomainEvent, connection: AsyncConnection) -> None:
    """Bring the read models up to date with an event."""
    match event:
        case StudentEnrolled():
            row = {
                "enrollment_id": str(event.enrollment_id),
                "class_id": str(event.class_id),
                "student_id": str(event.student_id),
                **dict.fromkeys(_NAMES.values(), 0),
            }
            now = {"enrolled_at": event.occurred_at, "credit": event.credit}
            joined = upsert(class_roster).values(**row, **now)  # again, who had left
            await connection.execute(joined.on_conflict_do_update(index_elements=["enrollment_id"], set_=now))
        case CreditDeducted() | CreditAdjusted():
            await _on_roster(connection, str(event.enrollment_id), {"credit": event.balance})
        case AttendanceMarked():
            changes = _counts(event, class_roster)
            await _on_roster(connection, str(event.enrollment_id), changes)
            await _report(event, connection)


async def _on_roster(connection: AsyncConnection, enrollment_id: str, values: dict[str, Any]) -> None:
    await connection.execute(
        update(class_roster).where(class_roster.c.enrollment_id == enrollment_id).values(values)
    )


async def _report(event: AttendanceMarked, connection: AsyncConnection) -> None:
    first = {"class_id": str(event.class_id), "meeting": event.meeting, "held_at": event.held_at}
    counts = {name: int(status is event.status) for status, name in _NAMES.items()}
    row = upsert(attendance_report).values(**first, **counts)
    await connection.execute(
        row.on_conflict_do_update(
            index_elements=[attendance_report.c.class_id, attendance_report.c.meeting],
            set_={"held_at": event.held_at, **_counts(event, attendance_report)},
        )
    )


def _counts(event: AttendanceMarked, table: Table) -> dict[str, ColumnElement[int]]:
    """One more of what it is now, and one less of what it was before."""
    changes: dict[str, ColumnElement[int]] = {}
    if event.before is not None:
        before = _NAMES[event.before]
        changes[before] = table.c[before] - 1
    after = _NAMES[event.status]
    changes[after] = table.c[after] + 1
    return changes
