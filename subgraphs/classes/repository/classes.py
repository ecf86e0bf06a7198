"""Classes in the database. The ledger of credits is written by the events (recording.py)."""

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.classes import tables
from subgraphs.classes.domain.enrollment import Enrollment
from subgraphs.classes.domain.identifiers import (
    ClassId,
    CourseId,
    EnrollmentId,
    InstructorId,
    LessonId,
    StudentId,
)
from subgraphs.classes.domain.schedule import Schedule, Weekday
from subgraphs.classes.domain.school_class import Class, LessonUnlock
from subgraphs.classes.domain.values import (
    AttendanceStatus,
    ClassStatus,
    ClassType,
    EnrollmentStatus,
    MeetingCredit,
    Package,
    Title,
)
from subgraphs.classes.repository.recording import record
from subgraphs.kernel.domain import Currency, Money
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.store.versioned import save_versioned


async def find_class(connection: AsyncConnection, class_id: str) -> Class | None:
    """The class of this id, with its students and its unlocked lessons."""
    table = tables.school_class
    row = (await connection.execute(select(table).where(table.c.id == class_id))).one_or_none()
    if row is None:
        return None
    enrolled = await connection.execute(
        select(tables.enrollment)
        .where(tables.enrollment.c.class_id == class_id)
        .order_by(tables.enrollment.c.enrolled_at, tables.enrollment.c.id)
    )
    unlocked = await connection.execute(
        select(tables.lesson_unlock)
        .where(tables.lesson_unlock.c.class_id == class_id)
        .order_by(tables.lesson_unlock.c.place)
    )
    return Class(
        id=ClassId(row.id),
        version=row.version,
        type=ClassType(row.type),
        status=ClassStatus(row.status),
        title=Title(row.title),
        course_id=CourseId(row.course_id),
        instructor_id=InstructorId(row.instructor_id),
        schedule=schedule_of(row),
        capacity=row.capacity,
        package=Package(row.total_meetings),
        price=Money(row.price_amount_minor, Currency(row.price_currency)),
        created_at=row.created_at,
        activated_at=row.activated_at,
        completed_at=row.completed_at,
        enrollments=[_enrollment(one) for one in enrolled],
        unlocks=[LessonUnlock(LessonId(one.lesson_id), one.place) for one in unlocked],
        last_meeting=row.last_meeting,
    )


def schedule_of(row: Row[Any]) -> Schedule:
    """When the class of a row meets."""
    weekdays = tuple(Weekday(day) for day in row.weekdays.split(","))
    return Schedule(weekdays, row.meets_at, row.minutes, row.time_zone, row.starts_on)


async def attendance_before(
    connection: AsyncConnection, enrollment_id: EnrollmentId, meeting: int
) -> AttendanceStatus | None:
    """What is marked for a student's meeting."""
    marked = select(tables.attendance.c.status).where(
        tables.attendance.c.enrollment_id == str(enrollment_id), tables.attendance.c.meeting == meeting
    )
    status = await connection.scalar(marked)
    return AttendanceStatus(status) if status is not None else None


async def store_class(work: UnitOfWork, changed: Class) -> None:
    """Store a class to which something has happened, and what that was. ConcurrencyConflict."""
    events = changed.pull_events()
    if not events:
        return
    schedule, price = changed.schedule, changed.price
    once = {
        "type": changed.type,
        "course_id": str(changed.course_id),
        "instructor_id": str(changed.instructor_id),
        "title": str(changed.title),
        "capacity": changed.capacity,
        "price_amount_minor": price.amount_minor,
        "price_currency": price.currency.code,
        "weekdays": ",".join(schedule.weekdays),
        "meets_at": schedule.at,
        "minutes": schedule.minutes,
        "time_zone": schedule.time_zone,
        "starts_on": schedule.starts_on,
        "created_at": changed.created_at,
    }
    values = {
        "status": changed.status,
        "total_meetings": changed.package.meetings,
        "last_meeting": changed.last_meeting,
        "activated_at": changed.activated_at,
        "completed_at": changed.completed_at,
    }
    await save_versioned(work, tables.school_class, changed, values, once=once)
    await record(work, events)


def _enrollment(row: Row[Any]) -> Enrollment:
    return Enrollment(
        id=EnrollmentId(row.id),
        class_id=ClassId(row.class_id),
        student_id=StudentId(row.student_id),
        payment_amount=Money(row.payment_amount_minor, Currency(row.payment_currency)),
        credit=MeetingCredit(row.credit),
        enrolled_at=row.enrolled_at,
        status=EnrollmentStatus(row.status),
    )
