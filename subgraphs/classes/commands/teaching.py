"""Marking attendance, unlocking lessons, adjusting credits."""

from dataclasses import dataclass
from datetime import datetime

from subgraphs.classes.access import class_to_see, class_to_teach
from subgraphs.classes.domain.enrollment import Attendance
from subgraphs.classes.domain.errors import CLASS_NOT_FOUND, NOT_ENROLLED
from subgraphs.classes.domain.identifiers import ClassId, EnrollmentId, LessonId, StudentId
from subgraphs.classes.domain.values import AttendanceStatus, Reason
from subgraphs.classes.repository.classes import attendance_before, find_class, store_class
from subgraphs.classes.repository.courses import has_lesson
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class MarkAttendance(Command[EnrollmentId]):
    """Whether a student was at a meeting, which was held just now unless it says when."""

    class_id: str
    student_id: str
    meeting: int
    status: AttendanceStatus
    held_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UnlockLesson(Command[ClassId]):
    """Open a lesson with all of its exercises to the class."""

    class_id: str
    lesson_id: str


@dataclass(frozen=True, slots=True)
class AdjustCredit(Command[EnrollmentId]):
    """Give a student meetings, or take them away, and say why."""

    class_id: str
    student_id: str
    delta: int
    reason: str


async def mark_attendance(
    command: MarkAttendance, work: UnitOfWork, request: RequestContext
) -> Result[EnrollmentId, DomainError]:
    match class_to_teach(await find_class(work.connection, command.class_id), request.actor):
        case Failure() as failure:
            return failure
        case Success(value=found):
            pass
    student_id = StudentId(command.student_id)
    enrollment = found.enrollment_of(student_id)
    if enrollment is None:
        return Failure(NOT_ENROLLED)
    marked = found.mark_attendance(
        student_id,
        Attendance(command.meeting, command.status),
        before=await attendance_before(work.connection, enrollment.id, command.meeting),
        held_at=command.held_at or work.now,
        by=request.actor_id or "",
        at=work.now,
    )
    if isinstance(marked, Failure):
        return marked
    await store_class(work, found)
    return Success(enrollment.id)


async def unlock_lesson(
    command: UnlockLesson, work: UnitOfWork, request: RequestContext
) -> Result[ClassId, DomainError]:
    match LessonId.parse(command.lesson_id, field="lessonId"):
        case Failure() as failure:
            return failure
        case Success(value=lesson_id):
            pass
    match class_to_see(await find_class(work.connection, command.class_id), request.actor):
        case Failure() as failure:
            return failure
        case Success(value=found):
            pass
    unlocked = found.unlock_lesson(
        lesson_id,
        is_of_course=await has_lesson(work.connection, found.course_id, lesson_id),
        by=request.actor_id or "",
        at=work.now,
    )
    if isinstance(unlocked, Failure):
        return unlocked
    await store_class(work, found)
    return Success(found.id)


async def adjust_credit(
    command: AdjustCredit, work: UnitOfWork, request: RequestContext
) -> Result[EnrollmentId, DomainError]:
    match Reason.parse(command.reason):
        case Failure() as failure:
            return failure
        case Success(value=reason):
            pass
    found = await find_class(work.connection, command.class_id)
    if found is None:
        return Failure(CLASS_NOT_FOUND)
    adjusted = found.adjust_credit(
        StudentId(command.student_id), command.delta, reason=reason, by=request.actor_id or "", at=work.now
    )
    if isinstance(adjusted, Success):
        await store_class(work, found)
    return adjusted
