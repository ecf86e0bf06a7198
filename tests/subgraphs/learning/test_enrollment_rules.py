"""The rules of taking a course: given a course and what there was before, when somebody wants in."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from subgraphs.kernel.domain import Currency, DomainError, Failure, Money, RandomIds, Result, Success
from subgraphs.kernel.testing.scenario import given
from subgraphs.learning.domain.admission import Admission
from subgraphs.learning.domain.course import Course
from subgraphs.learning.domain.enrollment import Enrollment, enroll
from subgraphs.learning.domain.enrollment_request import EnrollmentRequest
from subgraphs.learning.domain.errors import (
    ALREADY_ENROLLED,
    COURSE_NOT_PUBLISHED,
    ENROLLMENT_NOT_ACTIVE,
    ENROLLMENT_PENDING,
    LESSON_LOCKED,
    NOT_ENROLLED,
    PAYMENT_REQUIRED,
    PAYMENT_SPENT,
)
from subgraphs.learning.domain.events import (
    EnrollmentCancelled,
    EnrollmentCompleted,
    EnrollmentFailed,
    EnrollmentRequested,
    LessonUnlocked,
    StudentEnrolled,
)
from subgraphs.learning.domain.identifiers import EnrollmentRequestId, PaymentId
from subgraphs.learning.domain.values import EnrollmentRequestStatus, LessonContent, Score, Title
from tests.subgraphs.learning.test_domain import (
    CODING,
    COURSE,
    ENROLLED,
    IDS,
    LESSON,
    MONDAY,
    OTHER_LESSON,
    PRICE,
    PROGRESS,
    QUIZ,
    SECTION,
    STUDENT,
    TUESDAY,
    TUTOR,
    a_beginner,
    a_draft,
    a_published_course,
)

PAYMENT, OTHER_PAYMENT = PaymentId("paid"), PaymentId("paid again")
REQUEST = EnrollmentRequestId("wish")


def a_free_course() -> Course:
    course = a_draft()
    course.price = Money.zero(Currency("EUR"))
    course.publish(at=MONDAY)
    course.pull_events()
    return course


def taken(
    course: Course | None = None,
    before: Enrollment | None = None,
    *,
    payment: PaymentId | None = PAYMENT,
    request: EnrollmentRequestId | None = None,
) -> Result[Enrollment, DomainError]:
    return enroll(
        before,
        course or a_published_course(),
        STUDENT,
        payment_id=payment,
        request_id=request,
        ids=RandomIds(Random(7)),
        at=TUESDAY,
    )


def an_enrollment(*, request: EnrollmentRequestId | None = None) -> Enrollment:
    enrolled = taken(request=request)
    assert isinstance(enrolled, Success)
    enrolled.value.pull_events()
    enrolled.value.version = 1
    return enrolled.value


def test_who_has_paid_is_enrolled() -> None:
    enrolled = taken()
    assert isinstance(enrolled, Success)
    enrollment = enrolled.value
    assert enrollment.is_active
    assert enrollment.pull_events() == (
        StudentEnrolled(enrollment.id, COURSE, STUDENT, TUTOR, PAYMENT, TUESDAY),
    )


def test_an_unpublished_course_takes_nobody() -> None:
    assert taken(a_draft()) == Failure(COURSE_NOT_PUBLISHED)


def test_a_course_that_costs_something_is_not_entered_without_a_payment() -> None:
    assert taken(payment=None) == Failure(PAYMENT_REQUIRED)
    assert isinstance(taken(a_free_course(), payment=None), Success)


def test_a_second_enrolment_is_rejected_like_the_first_would_have_been() -> None:
    """Requirement: section 25, defect 17. There is one way in, and it checks everything."""
    assert taken(before=an_enrollment(), payment=OTHER_PAYMENT) == Failure(ALREADY_ENROLLED)
    assert taken(before=an_enrollment(), payment=None) == Failure(ALREADY_ENROLLED)


def test_the_same_payment_enrols_once_and_completes_the_request_whoever_comes_first() -> None:
    """Requirement: section 25, defect 15. The news of the payment, then the saga; and the saga once more."""
    enrollment = an_enrollment()
    again = taken(before=enrollment, request=REQUEST)
    assert isinstance(again, Success)
    assert enrollment.pull_events() == (
        EnrollmentCompleted(enrollment.id, REQUEST, COURSE, STUDENT, TUESDAY),
    )
    assert taken(before=enrollment, request=REQUEST) == Success(enrollment)
    assert taken(before=enrollment) == Success(enrollment)
    assert enrollment.pull_events() == ()


def test_who_was_out_comes_in_again_under_the_same_record_but_not_for_the_same_money() -> None:
    enrollment = an_enrollment()
    given(enrollment).when(lambda one: one.cancel("moved", at=TUESDAY)).then(
        EnrollmentCancelled(enrollment.id, COURSE, STUDENT, PAYMENT, "moved", TUESDAY)
    )
    given(enrollment).when(lambda one: one.cancel("again", at=TUESDAY)).then_refused(ENROLLMENT_NOT_ACTIVE)
    assert taken(before=enrollment) == Failure(PAYMENT_SPENT)
    back = taken(before=enrollment, payment=OTHER_PAYMENT)
    assert isinstance(back, Success)
    assert (back.value.id, back.value.version, back.value.is_active) == (enrollment.id, 1, True)


def test_a_request_is_for_the_price_of_the_day_and_there_is_one_at_a_time() -> None:
    course = a_published_course()
    opened = EnrollmentRequest.open(REQUEST, course, STUDENT, is_enrolled=False, is_pending=False, at=TUESDAY)
    assert isinstance(opened, Success)
    assert opened.value.pull_events() == (
        EnrollmentRequested(REQUEST, COURSE, STUDENT, TUTOR, PRICE, TUESDAY),
    )
    refusals = [
        EnrollmentRequest.open(REQUEST, a_draft(), STUDENT, is_enrolled=False, is_pending=False, at=TUESDAY),
        EnrollmentRequest.open(REQUEST, course, STUDENT, is_enrolled=True, is_pending=False, at=TUESDAY),
        EnrollmentRequest.open(REQUEST, course, STUDENT, is_enrolled=False, is_pending=True, at=TUESDAY),
    ]
    assert refusals == [Failure(COURSE_NOT_PUBLISHED), Failure(ALREADY_ENROLLED), Failure(ENROLLMENT_PENDING)]


def test_a_request_ends_once_and_what_is_undone_stays_undone() -> None:
    opened = EnrollmentRequest.open(
        REQUEST, a_published_course(), STUDENT, is_enrolled=False, is_pending=False, at=MONDAY
    )
    assert isinstance(opened, Success)
    request = opened.value
    request.pull_events()
    request.fail("CARD_DECLINED", at=TUESDAY)
    request.fail("CARD_DECLINED", at=TUESDAY)
    request.complete(at=TUESDAY)
    assert request.status is EnrollmentRequestStatus.FAILED
    assert request.pull_events() == (EnrollmentFailed(REQUEST, COURSE, STUDENT, "CARD_DECLINED", TUESDAY),)


def test_lessons_are_for_those_who_take_the_course_or_whose_class_has_opened_them() -> None:
    course, nobody = a_published_course(), Admission(is_enrolled=False)
    given(a_beginner()).when(
        lambda progress: progress.complete_exercise(
            course, QUIZ, score=Score(80), admission=nobody, at=TUESDAY
        )
    ).then_refused(NOT_ENROLLED)
    let_in = replace(nobody, opened=frozenset({OTHER_LESSON}))
    in_class = a_beginner()
    given(in_class).when(
        lambda progress: progress.complete_lesson(course, LESSON, admission=let_in, at=TUESDAY)
    ).then_refused(NOT_ENROLLED)
    completed = in_class.complete_lesson(course, OTHER_LESSON, admission=let_in, at=TUESDAY)
    assert completed == Success(None)


def test_lessons_come_one_after_the_other() -> None:
    course = a_published_course()
    given(a_beginner()).when(
        lambda progress: progress.complete_lesson(course, OTHER_LESSON, admission=ENROLLED, at=TUESDAY)
    ).then_refused(LESSON_LOCKED)
    progress = a_beginner()
    for exercise in (QUIZ, CODING):
        progress.complete_exercise(course, exercise, score=Score(80), admission=ENROLLED, at=TUESDAY)
    assert progress.complete_lesson(course, OTHER_LESSON, admission=ENROLLED, at=TUESDAY) == Success(None)


def test_what_is_unlocked_stays_open_whatever_is_put_before_it() -> None:
    course, progress = a_published_course(), a_beginner()
    assert progress.unlock_lesson_after(course, LESSON, at=TUESDAY) is not None
    assert progress.pull_events() == ()  # it is not completed yet
    for exercise in (QUIZ, CODING):
        progress.complete_exercise(course, exercise, score=Score(80), admission=ENROLLED, at=TUESDAY)
    progress.pull_events()
    progress.unlock_lesson_after(course, LESSON, at=TUESDAY)
    progress.unlock_lesson_after(course, LESSON, at=TUESDAY + timedelta(days=1))
    assert progress.pull_events() == (LessonUnlocked(PROGRESS, STUDENT, COURSE, OTHER_LESSON, TUESDAY),)
    assert progress.unlock_lesson_after(course, OTHER_LESSON, at=TUESDAY) is None
    course.add_lesson(SECTION, title=Title("New"), content=LessonContent("."), ids=IDS, at=TUESDAY)
    lessons = course.sections[0].lessons
    lessons[1], lessons[2] = lessons[2], lessons[1]
    assert progress.complete_lesson(course, OTHER_LESSON, admission=ENROLLED, at=TUESDAY) == Success(None)
