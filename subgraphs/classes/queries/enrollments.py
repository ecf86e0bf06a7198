"""Who belongs to a class, and how they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.classes.access import is_staff
from subgraphs.classes.domain.values import AttendanceStatus, EnrollmentStatus
from subgraphs.classes.queries.classes import is_member, teaches_class
from subgraphs.classes.tables import attendance, class_roster, credit_entry, enrollment, school_class
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Currency, Money, Slice, SliceRequest
from subgraphs.kernel.store.slices import slices_of


@dataclass(frozen=True, slots=True)
class EnrollmentView:
    """A student in a class: a line of the class-roster. What is paid only the student and the staff see."""

    id: str
    class_id: str
    student_id: str
    enrolled_at: datetime
    credit: int
    present_count: int
    late_count: int
    absent_count: int
    payment_amount: Money
    status: EnrollmentStatus


@dataclass(frozen=True, slots=True)
class AttendanceView:
    meeting: int
    status: AttendanceStatus
    held_at: datetime
    marked_by: str
    marked_at: datetime


@dataclass(frozen=True, slots=True)
class CreditEntryView:
    """A line of the ledger. `kind` is GRANTED, DEDUCTED or ADJUSTED."""

    number: int
    kind: str
    delta: int
    balance: int
    meeting: int | None
    reason: str | None
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class EnrollmentsById(Query[Mapping[str, EnrollmentView]]):
    """Many enrolments, by their ids: for the student, the instructor and the staff."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FindEnrollment(Query[EnrollmentView | None]):
    """A student in a class: for the student, the instructor and the staff."""

    class_id: str
    student_id: str


@dataclass(frozen=True, slots=True)
class ClassRosters(Query[Mapping[str, Slice[EnrollmentView]]]):
    """The same slice of the students of many classes, in the order in which they joined: for those who teach
    them."""

    class_ids: tuple[str, ...]
    part: SliceRequest


@dataclass(frozen=True, slots=True)
class OwnEnrollments(Query[Mapping[str, EnrollmentView]]):
    """How the asker stands in many classes."""

    class_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AttendanceOf(Query[Mapping[str, Sequence[AttendanceView]]]):
    """The meetings of many enrolments as far as they are marked."""

    enrollment_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CreditLedgers(Query[Mapping[str, Slice[CreditEntryView]]]):
    """The same slice of the credit ledgers of many enrolments, the newest line first."""

    enrollment_ids: tuple[str, ...]
    part: SliceRequest


async def enrollments_by_id(
    query: EnrollmentsById, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, EnrollmentView]:
    rows = await connection.execute(
        _roster().where(class_roster.c.enrollment_id.in_(query.ids), _may_see(request))
    )
    return {row.enrollment_id: _view(row) for row in rows}


async def find_enrollment(
    query: FindEnrollment, connection: AsyncConnection, request: RequestContext
) -> EnrollmentView | None:
    rows = await connection.execute(
        _roster().where(
            class_roster.c.class_id == query.class_id,
            class_roster.c.student_id == query.student_id,
            _may_see(request),
        )
    )
    row = rows.one_or_none()
    return _view(row) if row else None


async def class_rosters(
    query: ClassRosters, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Slice[EnrollmentView]]:
    """Without the classes that the asker does not teach."""
    taught = await connection.scalars(
        select(school_class.c.id).where(school_class.c.id.in_(query.class_ids), teaches_class(request))
    )
    by = (class_roster.c.enrolled_at, class_roster.c.enrollment_id)
    members = _roster().where(is_member())
    found = await slices_of(members, class_roster.c.class_id, list(taught), by, query.part, connection)
    return {id_: part.map(_view) for id_, part in found.items()}


async def own_enrollments(
    query: OwnEnrollments, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, EnrollmentView]:
    rows = await connection.execute(
        _roster().where(
            class_roster.c.class_id.in_(query.class_ids), class_roster.c.student_id == request.actor_id
        )
    )
    return {row.class_id: _view(row) for row in rows}


async def attendance_of(
    query: AttendanceOf, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Sequence[AttendanceView]]:
    rows = await connection.execute(
        select(attendance)
        .join(class_roster, class_roster.c.enrollment_id == attendance.c.enrollment_id)
        .join(school_class, school_class.c.id == class_roster.c.class_id)
        .where(attendance.c.enrollment_id.in_(query.enrollment_ids), _may_see(request))
        .order_by(attendance.c.meeting)
    )
    groups: dict[str, list[AttendanceView]] = {}
    for row in rows:
        view = AttendanceView(
            row.meeting, AttendanceStatus(row.status), row.held_at, row.marked_by, row.marked_at
        )
        groups.setdefault(row.enrollment_id, []).append(view)
    return groups


async def credit_ledgers(
    query: CreditLedgers, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Slice[CreditEntryView]]:
    lines = (
        select(credit_entry)
        .join(class_roster, class_roster.c.enrollment_id == credit_entry.c.enrollment_id)
        .join(school_class, school_class.c.id == class_roster.c.class_id)
        .where(_may_see(request))
    )
    found = await slices_of(
        lines,
        credit_entry.c.enrollment_id,
        query.enrollment_ids,
        (credit_entry.c.number,),
        query.part,
        connection,
        newest_first=True,
    )
    return {id_: part.map(_entry) for id_, part in found.items()}


def _roster() -> Select[Any]:
    return (
        select(
            class_roster,
            enrollment.c.payment_amount_minor,
            enrollment.c.payment_currency,
            enrollment.c.status,
        )
        .join(enrollment, enrollment.c.id == class_roster.c.enrollment_id)
        .join(school_class, school_class.c.id == class_roster.c.class_id)
    )


def _may_see(request: RequestContext) -> ColumnElement[bool]:
    if is_staff(request.actor):
        return true()
    return or_(class_roster.c.student_id == request.actor_id, teaches_class(request))


def _view(row: Row[Any]) -> EnrollmentView:
    return EnrollmentView(
        id=row.enrollment_id,
        class_id=row.class_id,
        student_id=row.student_id,
        enrolled_at=row.enrolled_at,
        credit=row.credit,
        present_count=row.present_count,
        late_count=row.late_count,
        absent_count=row.absent_count,
        payment_amount=Money(row.payment_amount_minor, Currency(row.payment_currency)),
        status=EnrollmentStatus(row.status),
    )


def _entry(row: Row[Any]) -> CreditEntryView:
    return CreditEntryView(
        row.number,
        row.kind,
        row.delta,
        row.balance,
        row.meeting,
        row.reason,
        row.entered_by,
        row.entered_at,
    )
