"""What other contexts ask of learning: requests and their answers, as messages."""

from datetime import timedelta
from typing import Any, TypeVar

from subgraphs.contracts.classes import EnrollmentCancelled, LessonUnlocked
from subgraphs.contracts.learning import (
    CourseFound,
    CoursesFound,
    EnrollmentAnswered,
    EnrollmentVerified,
    EnrollStudent,
    GetCourse,
    GetCoursesBySubject,
    VerifyEnrollment,
)
from subgraphs.kernel.application.request import SYSTEM, RequestContext
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent, ReplyTo
from subgraphs.kernel.messaging.requests import Request
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.learning.commands.studying import CompleteExercise
from tests.subgraphs.learning.school import OTHER_STUDENT, STUDENT, School
from tests.subgraphs.people import done, refused

R = TypeVar("R", bound=IntegrationEvent)

_ASKER = ReplyTo("elsewhere.answers", "key")


class _Answers:
    """Another context, which asks and keeps what it is told."""

    def __init__(self, school: School) -> None:
        self._school = school
        self._told: list[Any] = []
        kinds = CourseFound, CoursesFound, EnrollmentAnswered, EnrollmentVerified
        school.platform.subscriptions.add(
            *(Subscription(_ASKER.consumer, kind, self._keep) for kind in kinds)
        )

    async def _keep(self, envelope: Envelope[Any], _work: UnitOfWork) -> None:
        self._told.append(envelope.body)

    async def to(self, request: Request[R], consumer: str) -> R:
        transactions = self._school.platform.transactions
        async with transactions.begin("elsewhere", RequestContext(SYSTEM, "elsewhere")) as work:
            work.ask(request, to=consumer, key="key", reply_to=_ASKER)
        await self._school.deliver()
        answer: R = self._told.pop()
        return answer


async def test_a_course_is_told_by_its_id(school: School) -> None:
    course, answers = await school.course(), _Answers(school)
    found = await answers.to(GetCourse(course.id), "learning.get_by_id")
    assert found.course is not None
    about = found.course.title, found.course.amount_minor, found.course.currency, found.course.is_published
    assert about == ("Knots", 1900, "EUR", True)
    assert await answers.to(GetCourse("?"), "learning.get_by_id") == CourseFound("?")


async def test_the_courses_of_a_subject_are_told_by_pages(school: School) -> None:
    answers = _Answers(school)
    for number in range(3):
        await school.course(f"Course {number}")
        school.clock.advance(timedelta(hours=1))
    await school.course("Secrets", publish=False)
    second = await answers.to(GetCoursesBySubject("seamanship", page=2, limit=2), "learning.get_by_subject")
    assert ([one.title for one in second.courses], second.total) == (["Course 0"], 3)
    whole = await answers.to(GetCoursesBySubject("Seamanship", 0, 1000), "learning.get_by_subject")
    assert len(whole.courses) == 3


async def test_an_enrolment_is_asked_for_and_verified(school: School) -> None:
    free, costly = await school.course(price=0, open_to=()), await school.course("Sails", open_to=())
    answers = _Answers(school)
    verify = VerifyEnrollment(free.id, STUDENT.id)
    before = await answers.to(verify, "learning.verify_enrollment")
    assert before == EnrollmentVerified(free.id, STUDENT.id, is_enrolled=False)
    enrolled = await answers.to(EnrollStudent(free.id, STUDENT.id), "learning.enroll_student")
    assert enrolled.enrollment_id is not None
    after = await answers.to(verify, "learning.verify_enrollment")
    assert (after.is_enrolled, after.enrollment_id) == (True, enrolled.enrollment_id)
    for course, payment, reason in (
        (free.id, None, "ALREADY_ENROLLED"),
        (costly.id, None, "PAYMENT_REQUIRED"),
        (costly.id, "nobody knows", "PAYMENT_NOT_VERIFIED"),
        ("?", None, "COURSE_NOT_FOUND"),
    ):
        asked = EnrollStudent(course, STUDENT.id, payment)
        assert (await answers.to(asked, "learning.enroll_student")).reason == reason


async def test_a_lesson_that_a_class_has_unlocked_is_open_to_its_students(school: School) -> None:
    course = await school.course(open_to=())
    event = LessonUnlocked(
        "class", course.id, course.lesson_ids[1], (STUDENT.id,), "instructor", school.clock.now()
    )
    for _ in range(2):  # told twice is told once
        await _told_by_classes(school, event)
    done(await school.by(STUDENT, CompleteExercise(course.exercise_ids[2], 90)))
    assert (
        refused(await school.by(STUDENT, CompleteExercise(course.exercise_ids[0], 90)))[0] == "NOT_ENROLLED"
    )
    other = await school.by(OTHER_STUDENT, CompleteExercise(course.exercise_ids[2], 90))
    assert refused(other)[0] == "NOT_ENROLLED"
    content = "query ($id: ID!) { lessonContent(lessonId: $id) { content } }"
    seen = [
        (await school.ask_learning(STUDENT).execute(content, id=lesson_id))["data"]["lessonContent"][
            "content"
        ]
        for lesson_id in course.lesson_ids
    ]
    assert seen == [None, "Read this."]


async def test_who_leaves_a_class_keeps_the_lessons_that_another_one_has_opened(school: School) -> None:
    course, now = await school.course(open_to=()), school.clock.now()
    left: list[str | None] = []
    for class_id in ("mornings", "evenings"):
        unlocked = LessonUnlocked(class_id, course.id, course.lesson_ids[0], (STUDENT.id,), "instructor", now)
        await _told_by_classes(school, unlocked)
    for class_id in ("mornings", "evenings"):
        await _told_by_classes(school, EnrollmentCancelled(class_id, class_id, STUDENT.id, "moved", now))
        content = "query ($id: ID!) { lessonContent(lessonId: $id) { content } }"
        seen = await school.ask_learning(STUDENT).execute(content, id=course.lesson_ids[0])
        left.append(seen["data"]["lessonContent"]["content"])
    assert left == ["Read this.", None]


async def _told_by_classes(school: School, event: IntegrationEvent) -> None:
    request = RequestContext(SYSTEM, "classes")
    async with school.platform.transactions.begin("classes", request) as work:
        work.publish(event, key="class")
    await school.deliver()
