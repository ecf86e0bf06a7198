"""Wanting to take a course: what the saga of enrolling begins with, and what has become of it."""

from dataclasses import dataclass

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.learning.access import seen
from subgraphs.learning.domain.enrollment_request import EnrollmentRequest
from subgraphs.learning.domain.errors import COURSE_NOT_FOUND, ENROLLMENT_REQUEST_NOT_FOUND
from subgraphs.learning.domain.identifiers import CourseId, EnrollmentRequestId, StudentId
from subgraphs.learning.repository.courses import find_course
from subgraphs.learning.repository.enrollments import (
    find_enrollment_of,
    find_request,
    has_pending_request,
    save_request,
)


@dataclass(frozen=True, slots=True)
class RequestCourseEnrollment(Command[EnrollmentRequestId]):
    """The acting student wants to take a course, and to pay for it if it costs something."""

    course_id: str


@dataclass(frozen=True, slots=True)
class CompleteEnrollmentRequest(Command[None]):
    """Note that a request has been granted."""

    request_id: str


@dataclass(frozen=True, slots=True)
class FailEnrollmentRequest(Command[None]):
    """Note that nothing has come of a request."""

    request_id: str
    reason: str


async def request_course_enrollment(
    command: RequestCourseEnrollment, work: UnitOfWork, request: RequestContext
) -> Result[EnrollmentRequestId, DomainError]:
    student_id = StudentId.parse(request.actor_id or "", field="studentId")
    if isinstance(student_id, Failure):
        return student_id
    course = seen(await find_course(work.connection, CourseId(command.course_id)), request.actor)
    if course is None:
        return Failure(COURSE_NOT_FOUND)
    enrollment = await find_enrollment_of(work.connection, course.id, student_id.value)
    opened = EnrollmentRequest.open(
        EnrollmentRequestId.new(work.ids),
        course,
        student_id.value,
        is_enrolled=enrollment is not None and enrollment.is_active,
        is_pending=await has_pending_request(work.connection, course.id, student_id.value),
        at=work.now,
    )
    if isinstance(opened, Failure):
        return opened
    await save_request(work, opened.value)
    return Success(opened.value.id)


async def complete_enrollment_request(
    command: CompleteEnrollmentRequest, work: UnitOfWork, _request: RequestContext
) -> Result[None, DomainError]:
    request = await find_request(work.connection, EnrollmentRequestId(command.request_id))
    if request is None:
        return Failure(ENROLLMENT_REQUEST_NOT_FOUND)
    request.complete(at=work.now)
    await save_request(work, request)
    return Success(None)


async def fail_enrollment_request(
    command: FailEnrollmentRequest, work: UnitOfWork, _request: RequestContext
) -> Result[None, DomainError]:
    request = await find_request(work.connection, EnrollmentRequestId(command.request_id))
    if request is None:
        return Failure(ENROLLMENT_REQUEST_NOT_FOUND)
    request.fail(command.reason, at=work.now)
    await save_request(work, request)
    return Success(None)
