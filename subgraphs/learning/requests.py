"""What other contexts can ask of learning: they send a request, and get a message as its answer."""

from typing import Any, Final

from subgraphs.contracts import learning as contract
from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.domain import Failure, PageRequest, Success
from subgraphs.kernel.domain.page import LARGEST_PAGE
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.learning.commands.enrolling import EnrollStudent
from subgraphs.learning.domain.identifiers import CourseId, StudentId
from subgraphs.learning.domain.values import CourseStatus
from subgraphs.learning.queries.courses import (
    CoursesById,
    CoursesBySubject,
    CourseView,
    courses_by_id,
    courses_by_subject,
)
from subgraphs.learning.repository.enrollments import find_enrollment_of

GET_BY_ID: Final = "learning.get_by_id"
GET_BY_SUBJECT: Final = "learning.get_by_subject"
ENROLL_STUDENT: Final = "learning.enroll_student"
VERIFY_ENROLLMENT: Final = "learning.verify_enrollment"


def requests(commands: CommandBus) -> tuple[Subscription[Any], ...]:
    """The consumers that answer. `commands` carries out what changes something."""

    async def on_enroll_student(envelope: Envelope[contract.EnrollStudent], work: UnitOfWork) -> None:
        asked = envelope.body
        enroll = EnrollStudent(asked.course_id, asked.student_id, asked.payment_id)
        match await commands.execute_within(work, enroll, envelope.request()):
            case Success(value=enrollment_id):
                answer = contract.EnrollmentAnswered(asked.course_id, asked.student_id, str(enrollment_id))
            case Failure(error=error):
                answer = contract.EnrollmentAnswered(asked.course_id, asked.student_id, reason=error.code)
        work.reply(envelope, answer)

    return (
        Subscription(GET_BY_ID, contract.GetCourse, _on_get_course),
        Subscription(GET_BY_SUBJECT, contract.GetCoursesBySubject, _on_get_courses_by_subject),
        Subscription(ENROLL_STUDENT, contract.EnrollStudent, on_enroll_student),
        Subscription(VERIFY_ENROLLMENT, contract.VerifyEnrollment, _on_verify_enrollment),
    )


async def _on_get_course(envelope: Envelope[contract.GetCourse], work: UnitOfWork) -> None:
    course_id = envelope.body.course_id
    found = await courses_by_id(CoursesById((course_id,)), work.connection, envelope.request())
    view = found.get(course_id)
    work.reply(envelope, contract.CourseFound(course_id, _snapshot(view) if view else None))


async def _on_get_courses_by_subject(
    envelope: Envelope[contract.GetCoursesBySubject], work: UnitOfWork
) -> None:
    asked = envelope.body
    page, limit = max(asked.page, 1), min(max(asked.limit, 1), LARGEST_PAGE)
    wanted = CoursesBySubject(asked.subject, PageRequest((page - 1) * limit, limit))
    found = await courses_by_subject(wanted, work.connection, envelope.request())
    courses = tuple(map(_snapshot, found.items))
    work.reply(envelope, contract.CoursesFound(asked.subject, page, courses, found.total))


async def _on_verify_enrollment(envelope: Envelope[contract.VerifyEnrollment], work: UnitOfWork) -> None:
    asked = envelope.body
    found = await find_enrollment_of(work.connection, CourseId(asked.course_id), StudentId(asked.student_id))
    is_enrolled = found is not None and found.is_active
    id_ = str(found.id) if found is not None and is_enrolled else None
    work.reply(envelope, contract.EnrollmentVerified(asked.course_id, asked.student_id, is_enrolled, id_))


def _snapshot(view: CourseView) -> contract.CourseSnapshot:
    return contract.CourseSnapshot(
        view.id,
        view.tutor_id,
        view.title,
        view.subject,
        contract.Difficulty(view.difficulty),
        view.price.amount_minor,
        view.price.currency.code,
        view.status is CourseStatus.PUBLISHED,
    )
