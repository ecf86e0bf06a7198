"""The rules of assignments and submissions: given, when, then."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from subgraphs.assessment.domain.assignment import Assignment
from subgraphs.assessment.domain.errors import (
    ALREADY_GRADED,
    ALREADY_SUBMITTED,
    ASSIGNMENT_CLOSED,
    ASSIGNMENT_GRADED,
    DUE_DATE_PAST,
    FEEDBACK_FULL,
    NOT_ENROLLED,
    PAST_DUE,
    SUBMISSION_REPLACED,
    SUBMISSION_TYPE_NOT_ALLOWED,
    SUBMISSION_TYPES_MISSING,
)
from subgraphs.assessment.domain.events import (
    AssignmentClosed,
    AssignmentCreated,
    AssignmentUpdated,
    FeedbackGiven,
    SubmissionGraded,
    SubmissionReceived,
)
from subgraphs.assessment.domain.identifiers import AssignmentId, CourseId, InstructorId, StudentId
from subgraphs.assessment.domain.submission import Submission, submit
from subgraphs.assessment.domain.values import Due, Grade, Points, Prose, SubmissionType, Title, Work
from subgraphs.kernel.domain import DomainError, Failure, RandomIds, Result, Success
from subgraphs.kernel.testing.scenario import given

MONDAY = datetime(2025, 9, 1, 8, tzinfo=UTC)
FRIDAY, LATER = MONDAY + timedelta(days=4), MONDAY + timedelta(days=5)
IDS = RandomIds(Random(1))
ESSAY, COURSE, TUTOR = AssignmentId("essay"), CourseId("knots"), InstructorId("salt")
STUDENT = StudentId("pip")
WORK = Work(SubmissionType.TEXT, "All about knots.")


def created(**changes: Any) -> Result[Assignment, DomainError]:
    about: dict[str, Any] = {
        "course_id": COURSE,
        "class_id": None,
        "instructor_id": TUTOR,
        "title": Title("Essay"),
        "instructions": Prose("Write."),
        "submission_types": (SubmissionType.LINK, SubmissionType.TEXT),
        "max_points": Points(10),
        "due_at": FRIDAY,
        "takes_late": True,
        "takes_again": True,
        "at": MONDAY,
    }
    return Assignment.create(ESSAY, **(about | changes))


def an_assignment(**changes: Any) -> Assignment:
    result = created(**changes)
    assert isinstance(result, Success)
    return result.value


def handed_in(
    assignment: Assignment,
    before: Submission | None = None,
    work: Work = WORK,
    *,
    is_enrolled: bool = True,
    at: datetime = MONDAY,
) -> Result[Submission, DomainError]:
    return submit(before, assignment, STUDENT, work, is_enrolled=is_enrolled, ids=IDS, at=at)


def a_submission(assignment: Assignment | None = None) -> Submission:
    result = handed_in(assignment or an_assignment())
    assert isinstance(result, Success)
    result.value.pull_events()
    return result.value


def test_an_assignment_says_what_may_be_handed_in_until_when() -> None:
    assignment = an_assignment()
    assert assignment.pull_events() == (
        AssignmentCreated(ESSAY, COURSE, None, TUTOR, Title("Essay"), FRIDAY, MONDAY),
    )
    assert assignment.submission_types == (SubmissionType.TEXT, SubmissionType.LINK)
    assert created(submission_types=()) == Failure(SUBMISSION_TYPES_MISSING)
    assert created(due_at=MONDAY) == Failure(DUE_DATE_PAST)


def test_an_assignment_is_changed_but_not_what_graded_work_was_worth() -> None:
    def update(assignment: Assignment, **changes: Any) -> Result[None, DomainError]:
        nothing: dict[str, Any] = dict.fromkeys(("title", "instructions", "max_points", "due"))
        return assignment.update(**(nothing | {"is_graded": False, "at": MONDAY} | changes))

    def updated(due_at: datetime | None) -> AssignmentUpdated:
        return AssignmentUpdated(ESSAY, COURSE, None, TUTOR, Title("Essay"), due_at, MONDAY)

    longer = given(an_assignment()).when(lambda one: update(one, due=Due(LATER), max_points=Points(20)))
    changed = longer.then(updated(LATER))
    assert (changed.due_at, changed.max_points, changed.title) == (LATER, Points(20), Title("Essay"))
    given(changed).when(lambda one: update(one, max_points=Points(10), is_graded=True)).then_refused(
        ASSIGNMENT_GRADED
    )
    given(changed).when(lambda one: update(one, due=Due(MONDAY))).then_refused(DUE_DATE_PAST)
    given(changed).when(lambda one: update(one, due=Due(None))).then(updated(None))
    given(changed).when(lambda one: one.close(at=FRIDAY)).then(AssignmentClosed(ESSAY, FRIDAY))
    given(changed).when(lambda one: one.close(at=FRIDAY)).then_refused(ASSIGNMENT_CLOSED)
    given(changed).when(lambda one: update(one, title=Title("x"))).then_refused(ASSIGNMENT_CLOSED)


def test_who_takes_the_course_hands_in() -> None:
    result = handed_in(an_assignment())
    assert isinstance(result, Success)
    submission = result.value
    assert submission.pull_events() == (
        SubmissionReceived(submission.id, ESSAY, STUDENT, TUTOR, is_late=False, occurred_at=MONDAY),
    )
    assert handed_in(an_assignment(), is_enrolled=False) == Failure(NOT_ENROLLED)


def test_what_is_late_is_marked_or_not_taken() -> None:
    late = handed_in(an_assignment(), at=LATER)
    assert isinstance(late, Success)
    assert [event.is_late for event in late.value.pull_events()] == [True]  # type: ignore[attr-defined]
    assert handed_in(an_assignment(takes_late=False), at=LATER) == Failure(PAST_DUE)


def test_what_was_not_asked_for_is_not_taken() -> None:
    program = Work(SubmissionType.CODE, "print(1)")
    assert handed_in(an_assignment(), work=program) == Failure(SUBMISSION_TYPE_NOT_ALLOWED)
    closed = an_assignment()
    closed.close(at=MONDAY)
    assert handed_in(closed) == Failure(ASSIGNMENT_CLOSED)


def test_work_is_handed_in_again_until_it_has_a_grade_if_the_assignment_takes_that() -> None:
    assignment = an_assignment()
    submission = a_submission(assignment)
    better = Work(SubmissionType.LINK, "https://knots.example")
    again = handed_in(assignment, submission, better)
    assert again == Success(submission)
    assert (submission.attempt, submission.work) == (2, better)
    submission.grade_with(Grade(7, 10), by=TUTOR, at=FRIDAY)
    assert handed_in(assignment, submission) == Failure(ALREADY_GRADED)
    once = an_assignment(takes_again=False)
    assert handed_in(once, a_submission(once)) == Failure(ALREADY_SUBMITTED)


def test_a_grade_is_given_and_bettered_and_given_twice_is_given_once() -> None:
    submission = a_submission()
    for points in (7, 7, 8):
        submission.grade_with(Grade(points, 10), by=TUTOR, at=FRIDAY)
    assert submission.pull_events() == tuple(
        SubmissionGraded(submission.id, ESSAY, STUDENT, Grade(points, 10), TUTOR, FRIDAY) for points in (7, 8)
    )


def test_what_was_not_read_is_not_graded() -> None:
    assignment = an_assignment()
    submission = a_submission(assignment)
    handed_in(assignment, submission)
    assert submission.grade_with(Grade(7, 10), by=TUTOR, at=FRIDAY, attempt=1) == Failure(SUBMISSION_REPLACED)
    assert submission.grade is None
    assert submission.grade_with(Grade(7, 10), by=TUTOR, at=FRIDAY, attempt=2) == Success(None)


def test_feedback_is_kept_in_order() -> None:
    submission = a_submission()
    for text in ("Good.", "Very good."):
        submission.give_feedback(Prose(text), by=TUTOR, ids=IDS, at=FRIDAY)
    assert [str(one.text) for one in submission.feedback] == ["Good.", "Very good."]
    assert [type(event) for event in submission.pull_events()] == [FeedbackGiven, FeedbackGiven]
    for _ in range(98):
        submission.give_feedback(Prose("More."), by=TUTOR, ids=IDS, at=FRIDAY)
    over = submission.give_feedback(Prose("Still more."), by=TUTOR, ids=IDS, at=FRIDAY)
    assert (over, len(submission.feedback)) == (Failure(FEEDBACK_FULL), 100)


@pytest.mark.parametrize(
    ("result", "code", "field"),
    [
        (Title.parse(" "), "INVALID_TITLE", "title"),
        (Title.parse("two\nlines"), "INVALID_TITLE", "title"),
        (Title.parse("x" * 121), "INVALID_TITLE", "title"),
        (Prose.parse("", field="text"), "INVALID_TEXT", "text"),
        (Prose.parse("a\0b", field="text"), "INVALID_TEXT", "text"),
        (Points.of(0), "INVALID_POINTS", "maxPoints"),
        (Points.of(1001), "INVALID_POINTS", "maxPoints"),
        (Grade.of(-1, Points(10)), "INVALID_GRADE", "points"),
        (Grade.of(11, Points(10)), "INVALID_GRADE", "points"),
        (Work.of(SubmissionType.TEXT, " "), "INVALID_WORK", "content"),
        (Work.of(SubmissionType.LINK, "javascript:alert(1)"), "INVALID_WORK", "content"),
        (Work.of(SubmissionType.LINK, "https://"), "INVALID_WORK", "content"),
        (Work.of(SubmissionType.FILE, "https://[::1"), "INVALID_WORK", "content"),
        (Work.of(SubmissionType.FILE, "a file"), "INVALID_WORK", "content"),
    ],
)
def test_invalid_values_are_refused_with_the_field_at_fault(
    result: Result[Any, DomainError], code: str, field: str
) -> None:
    assert isinstance(result, Failure)
    assert (result.error.code, result.error.field) == (code, field)


def test_full_marks_are_a_hundred_percent_and_less_is_less() -> None:
    assert [Grade(points, 3).percent for points in (0, 1, 2, 3)] == [0, 33, 66, 100]
