"""Whose courses somebody may change."""

from collections.abc import Iterable

from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.learning.access import may_edit
from subgraphs.learning.domain.course import Course
from subgraphs.learning.domain.errors import COURSE_NOT_FOUND, NOT_THE_COURSES_TUTOR
from subgraphs.learning.domain.identifiers import CourseId
from subgraphs.learning.domain.values import CourseStatus
from subgraphs.learning.repository.courses import find_course


async def course_to_edit(
    course_id: str, work: UnitOfWork, request: RequestContext
) -> Result[Course, DomainError]:
    """The course, if whoever asks may change it. COURSE_NOT_FOUND; FORBIDDEN for one that they only see."""
    course = await find_course(work.connection, CourseId(course_id))
    return editable(course, request, missing=COURSE_NOT_FOUND)


def editable(
    course: Course | None, request: RequestContext, *, missing: DomainError
) -> Result[Course, DomainError]:
    """The same of a course that was found by a part of it, which may be `missing`."""
    if course is None:
        return Failure(missing)
    if not may_edit(request.actor, tutor_id=str(course.tutor_id)):
        is_seen = course.status is CourseStatus.PUBLISHED  # whose draft there is, is for nobody to know
        return Failure(NOT_THE_COURSES_TUTOR if is_seen else missing)
    return Success(course)


def first_failure(results: Iterable[Result[object, DomainError] | None]) -> Failure[DomainError]:
    """Of what was parsed, what is told."""
    return next(result for result in results if isinstance(result, Failure))
