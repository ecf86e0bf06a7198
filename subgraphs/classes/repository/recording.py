"""What an event writes: rows of the class, lines of the credit ledger, read models, and news for others."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert  # SQLite speaks the same ON CONFLICT
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.classes import tables
from subgraphs.classes.domain.events import (
    AttendanceMarked,
    CreditAdjusted,
    CreditDeducted,
    EnrollmentCancelled,
    EnrollmentResumed,
    EnrollmentSuspended,
    LessonUnlocked,
    StudentEnrolled,
)
from subgraphs.classes.domain.identifiers import EnrollmentId
from subgraphs.classes.domain.values import EnrollmentStatus
from subgraphs.classes.projections import project
from subgraphs.classes.repository.publishing import publish
from subgraphs.kernel.domain import DomainEvent
from subgraphs.kernel.store.unit_of_work import UnitOfWork


async def record(work: UnitOfWork, events: Iterable[DomainEvent]) -> None:
    """Write what each event means, project it, and publish what other contexts may know of it."""
    for event in events:
        await _write(work.connection, event)
        await project(event, work.connection)
        publish(event, work)


async def _write(connection: AsyncConnection, event: DomainEvent) -> None:
    match event:
        case StudentEnrolled():
            own = {
                "id": str(event.enrollment_id),
                "class_id": str(event.class_id),
                "student_id": str(event.student_id),
            }
            now = {
                "payment_amount_minor": event.payment_amount.amount_minor,
                "payment_currency": event.payment_amount.currency.code,
                "credit": event.credit,
                "enrolled_at": event.occurred_at,
                "status": EnrollmentStatus.ACTIVE,
            }
            joined = upsert(tables.enrollment).values(**own, **now)  # again, who had left
            await connection.execute(joined.on_conflict_do_update(index_elements=["id"], set_=now))
            await _enter(connection, event, "GRANTED", event.credit, event.credit)
        case EnrollmentSuspended(enrollment_id=id_):
            await _stand(connection, id_, EnrollmentStatus.SUSPENDED)
        case EnrollmentResumed(enrollment_id=id_):
            await _stand(connection, id_, EnrollmentStatus.ACTIVE)
        case EnrollmentCancelled(enrollment_id=id_):
            await _stand(connection, id_, EnrollmentStatus.CANCELLED)
        case AttendanceMarked():
            marked = {
                "status": event.status,
                "held_at": event.held_at,
                "marked_by": event.by,
                "marked_at": event.occurred_at,
            }
            statement = upsert(tables.attendance).values(
                enrollment_id=str(event.enrollment_id), meeting=event.meeting, **marked
            )
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["enrollment_id", "meeting"], set_=marked)
            )
        case CreditDeducted():
            await _enter(connection, event, "DEDUCTED", -1, event.balance, meeting=event.meeting)
        case CreditAdjusted():
            await _enter(connection, event, "ADJUSTED", event.delta, event.balance, reason=event.reason)
        case LessonUnlocked():
            row = {
                "class_id": str(event.class_id),
                "lesson_id": str(event.lesson_id),
                "place": event.place,
                "unlocked_by": event.by,
                "unlocked_at": event.occurred_at,
            }
            await connection.execute(insert(tables.lesson_unlock).values(row))


async def _stand(connection: AsyncConnection, id_: EnrollmentId, status: EnrollmentStatus) -> None:
    enrollment = tables.enrollment
    await connection.execute(update(enrollment).where(enrollment.c.id == str(id_)).values(status=status))


async def _enter(
    connection: AsyncConnection,
    event: StudentEnrolled | CreditDeducted | CreditAdjusted,
    kind: str,
    delta: int,
    balance: int,
    **more: Any,
) -> None:
    """A line of the ledger, which is never changed, and the balance as it is after that."""
    ledger, id_ = tables.credit_entry, str(event.enrollment_id)
    last = select(func.coalesce(func.max(ledger.c.number), 0) + 1).where(ledger.c.enrollment_id == id_)
    await connection.execute(
        insert(ledger).values(
            enrollment_id=id_,
            number=last.scalar_subquery(),
            kind=kind,
            delta=delta,
            balance=balance,
            entered_by=event.by,
            entered_at=event.occurred_at,
            **more,
        )
    )
    await connection.execute(
        update(tables.enrollment).where(tables.enrollment.c.id == id_).values(credit=balance)
    )
