"""Who may read what is taught: a condition to select by, so that asking for many lessons is one statement."""

from sqlalchemy import ColumnElement, Table, exists, false, or_, true

from subgraphs.kernel.application.request import RequestContext
from subgraphs.learning.access import is_staff
from subgraphs.learning.domain.values import EnrollmentStatus
from subgraphs.learning.tables import course_catalog, enrollment, lesson, opened_lesson


def may_edit_course(request: RequestContext) -> ColumnElement[bool]:
    """The course's tutor and the staff; of rows joined with the catalogue."""
    if is_staff(request.actor):
        return true()
    return course_catalog.c.tutor_id == request.actor_id if request.actor_id else false()


def may_read(part: Table, request: RequestContext) -> ColumnElement[bool]:
    """Of lessons or exercises: those who may edit the course, its students, and who was let into the lesson
    by a class."""
    if request.actor_id is None or is_staff(request.actor):
        return may_edit_course(request)
    enrolled = exists().where(
        enrollment.c.course_id == part.c.course_id,
        enrollment.c.student_id == request.actor_id,
        enrollment.c.status == EnrollmentStatus.ACTIVE,
    )
    lesson_id = part.c.id if part is lesson else part.c.lesson_id
    opened = exists().where(
        opened_lesson.c.lesson_id == lesson_id,
        opened_lesson.c.course_id == part.c.course_id,
        opened_lesson.c.student_id == request.actor_id,
    )
    return or_(may_edit_course(request), enrolled, opened)
