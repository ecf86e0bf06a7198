"""The rules of courses and of progress: given a state, when a wish, then events or a refusal."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from subgraphs.kernel.domain import Currency, Failure, Money, RandomIds, Success
from subgraphs.kernel.testing.scenario import given
from subgraphs.learning.domain.admission import Admission
from subgraphs.learning.domain.course import Course, Exercise, Lesson, Section
from subgraphs.learning.domain.errors import (
    COURSE_ALREADY_PUBLISHED,
    COURSE_INCOMPLETE,
    COURSE_NOT_PUBLISHED,
    EXERCISE_NOT_FOUND,
    LESSON_HAS_OPEN_EXERCISES,
    LESSON_NOT_FOUND,
    SECTION_NOT_FOUND,
)
from subgraphs.learning.domain.events import (
    CourseCreated,
    CoursePublished,
    CourseUpdated,
    ExerciseAdded,
    ExerciseCompleted,
    LessonAdded,
    LessonCompleted,
    SectionAdded,
)
from subgraphs.learning.domain.extent import (
    MOST_EXERCISES,
    MOST_LESSONS,
    MOST_SECTIONS,
    NO_MORE_EXERCISES,
    NO_MORE_LESSONS,
    NO_MORE_SECTIONS,
)
from subgraphs.learning.domain.identifiers import (
    CourseId,
    ExerciseId,
    LessonId,
    ProgressId,
    SectionId,
    StudentId,
    TutorId,
)
from subgraphs.learning.domain.progress import StudentProgress
from subgraphs.learning.domain.values import (
    CourseStatus,
    Description,
    Difficulty,
    ExerciseType,
    LessonContent,
    Prose,
    Score,
    Subject,
    Title,
)
from tests.subgraphs.people import done

MONDAY = datetime(2025, 9, 1, 8, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
IDS = RandomIds(Random(1))
COURSE, TUTOR = CourseId("knots"), TutorId("salt")
SECTION, LESSON, OTHER_LESSON = SectionId("basics"), LessonId("bowline"), LessonId("reading")
QUIZ, CODING = ExerciseId("quiz"), ExerciseId("coding")
PRICE, ENROLLED = Money(1900, Currency("EUR")), Admission(is_enrolled=True)
PROGRESS, STUDENT = ProgressId("progress"), StudentId("pip")


def a_draft(*, with_content: bool = True) -> Course:
    course = Course.create(
        COURSE,
        tutor_id=TUTOR,
        title=Title("Knots"),
        description=Description("Ropes"),
        subject=Subject("Seamanship"),
        difficulty=Difficulty.BEGINNER,
        price=PRICE,
        at=MONDAY,
    )
    if with_content:
        exercises = [
            Exercise(id=QUIZ, type=ExerciseType.QUIZ, title=Title("Which?"), instructions=Prose("Choose.")),
            Exercise(id=CODING, type=ExerciseType.CODING, title=Title("Tie"), instructions=Prose("Tie it.")),
        ]
        lessons = [
            Lesson(
                id=LESSON, title=Title("Bowline"), content=LessonContent("Up the hole."), exercises=exercises
            ),
            Lesson(id=OTHER_LESSON, title=Title("Reading"), content=LessonContent("Just read.")),
        ]
        course.sections.append(Section(id=SECTION, title=Title("Basics"), lessons=lessons))
    return course


def a_published_course() -> Course:
    course = a_draft()
    course.publish(at=MONDAY)
    course.pull_events()
    return course


def a_beginner() -> StudentProgress:
    return StudentProgress(id=PROGRESS, student_id=STUDENT, course_id=COURSE, started_at=MONDAY)


def completed(exercise: ExerciseId, exercise_type: ExerciseType, score: int) -> ExerciseCompleted:
    return ExerciseCompleted(
        PROGRESS, STUDENT, COURSE, LESSON, exercise, exercise_type, Score(score), TUESDAY
    )


def lesson_completed(lesson: LessonId) -> LessonCompleted:
    return LessonCompleted(PROGRESS, STUDENT, COURSE, lesson, Difficulty.BEGINNER, TUESDAY)


def test_a_course_begins_as_a_draft() -> None:
    course = a_draft(with_content=False)
    assert course.status is CourseStatus.DRAFT
    [created] = course.pull_events()
    assert isinstance(created, CourseCreated)
    assert (created.course_id, created.tutor_id, created.occurred_at) == (COURSE, TUTOR, MONDAY)


def test_a_course_with_an_exercise_can_be_published_once() -> None:
    published = CoursePublished(
        COURSE, TUTOR, Title("Knots"), Subject("Seamanship"), Difficulty.BEGINNER, TUESDAY
    )
    course = given(a_draft()).when(lambda course: course.publish(at=TUESDAY)).then(published)
    assert (course.is_published, course.published_at) == (True, TUESDAY)
    given(course).when(lambda course: course.publish(at=TUESDAY)).then_refused(COURSE_ALREADY_PUBLISHED)


def test_a_course_with_nothing_to_do_cannot_be_published() -> None:
    given(a_draft(with_content=False)).when(lambda course: course.publish(at=TUESDAY)).then_refused(
        COURSE_INCOMPLETE
    )


def test_a_lesson_without_exercises_is_not_enough() -> None:
    course = a_draft()
    course.sections[0].lessons.pop(0)
    given(course).when(lambda course: course.publish(at=TUESDAY)).then_refused(COURSE_INCOMPLETE)


def test_an_update_keeps_what_is_not_given() -> None:
    course = a_draft()
    course.pull_events()
    course.update(title=Title("Hitches"), description=None, price=None, at=TUESDAY)
    assert course.pull_events() == (
        CourseUpdated(
            COURSE,
            TUTOR,
            Title("Hitches"),
            Description("Ropes"),
            Subject("Seamanship"),
            Difficulty.BEGINNER,
            PRICE,
            TUESDAY,
        ),
    )


def test_an_update_that_changes_nothing_is_no_event() -> None:
    course = a_draft()
    course.pull_events()
    course.update(title=Title("Knots"), description=None, price=PRICE, at=TUESDAY)
    assert course.pull_events() == ()
    assert course.updated_at == MONDAY


def test_content_is_appended_in_order_even_after_publication() -> None:
    course = a_published_course()
    section = done(course.add_section(Title("More"), ids=IDS, at=TUESDAY))
    section_added, updated = course.pull_events()
    assert isinstance(updated, CourseUpdated)  # those who take it hear that there is more
    assert section_added == SectionAdded(COURSE, section.id, 1, Title("More"), TUESDAY)
    added = course.add_lesson(
        SECTION, title=Title("Third"), content=LessonContent("Text"), ids=IDS, at=TUESDAY
    )
    assert isinstance(added, Success)
    lesson_added, _ = course.pull_events()
    assert isinstance(lesson_added, LessonAdded)
    assert (lesson_added.position, lesson_added.section_id) == (2, SECTION)
    exercise = course.add_exercise(
        added.value.id,
        exercise_type=ExerciseType.READING,
        title=Title("Read"),
        instructions=Prose("Read it."),
        ids=IDS,
        at=TUESDAY,
    )
    assert isinstance(exercise, Success)
    exercise_added, _ = course.pull_events()
    assert isinstance(exercise_added, ExerciseAdded)
    assert (exercise_added.position, exercise_added.lesson_id) == (0, added.value.id)


def test_content_needs_a_place() -> None:
    given(a_draft()).when(
        lambda course: course.add_lesson(
            SectionId("?"), title=Title("x"), content=LessonContent("x"), ids=IDS, at=TUESDAY
        )
    ).then_refused(SECTION_NOT_FOUND)
    given(a_draft()).when(
        lambda course: course.add_exercise(
            LessonId("?"),
            exercise_type=ExerciseType.QUIZ,
            title=Title("x"),
            instructions=Prose("x"),
            ids=IDS,
            at=TUESDAY,
        )
    ).then_refused(LESSON_NOT_FOUND)


def test_a_course_grows_until_it_is_full() -> None:
    """What is in it is shown as a whole, not in parts."""
    course = a_draft()
    section, lesson, read = course.sections[0], LessonContent("x"), Prose("x")
    for _ in range(1, MOST_SECTIONS):
        done(course.add_section(Title("x"), ids=IDS, at=TUESDAY))
    for _ in range(2, MOST_LESSONS):
        done(course.add_lesson(section.id, title=Title("x"), content=lesson, ids=IDS, at=TUESDAY))
    reading: Any = {"exercise_type": ExerciseType.READING, "title": Title("x"), "instructions": read}
    for _ in range(2, MOST_EXERCISES):
        done(course.add_exercise(LESSON, **reading, ids=IDS, at=TUESDAY))
    assert course.add_section(Title("x"), ids=IDS, at=TUESDAY) == Failure(NO_MORE_SECTIONS)
    full = course.add_lesson(section.id, title=Title("x"), content=lesson, ids=IDS, at=TUESDAY)
    assert full == Failure(NO_MORE_LESSONS)
    assert course.add_exercise(LESSON, **reading, ids=IDS, at=TUESDAY) == Failure(NO_MORE_EXERCISES)


def test_the_last_exercise_completes_the_lesson() -> None:
    course = a_published_course()
    progress = (
        given(a_beginner())
        .when(
            lambda progress: progress.complete_exercise(
                course, QUIZ, score=Score(80), admission=ENROLLED, at=TUESDAY
            )
        )
        .then(completed(QUIZ, ExerciseType.QUIZ, 80))
    )
    given(progress).when(
        lambda progress: progress.complete_exercise(
            course, CODING, score=Score(90), admission=ENROLLED, at=TUESDAY
        )
    ).then(completed(CODING, ExerciseType.CODING, 90), lesson_completed(LESSON))


def test_completing_an_exercise_again_changes_nothing() -> None:
    course = a_published_course()
    progress = a_beginner()
    progress.complete_exercise(course, QUIZ, score=Score(60), admission=ENROLLED, at=MONDAY)
    again = (
        given(progress)
        .when(
            lambda progress: progress.complete_exercise(
                course, QUIZ, score=Score(100), admission=ENROLLED, at=TUESDAY
            )
        )
        .then()
    )
    assert again.exercises[QUIZ].score == Score(60)


def test_a_draft_cannot_be_studied() -> None:
    course = a_draft()
    given(a_beginner()).when(
        lambda progress: progress.complete_exercise(
            course, QUIZ, score=Score(60), admission=ENROLLED, at=TUESDAY
        )
    ).then_refused(COURSE_NOT_PUBLISHED)
    given(a_beginner()).when(
        lambda progress: progress.complete_lesson(course, OTHER_LESSON, admission=ENROLLED, at=TUESDAY)
    ).then_refused(COURSE_NOT_PUBLISHED)


def test_what_is_not_in_the_course_cannot_be_completed() -> None:
    course = a_published_course()
    given(a_beginner()).when(
        lambda progress: progress.complete_exercise(
            course, ExerciseId("?"), score=Score(1), admission=ENROLLED, at=TUESDAY
        )
    ).then_refused(EXERCISE_NOT_FOUND)
    given(a_beginner()).when(
        lambda progress: progress.complete_lesson(course, LessonId("?"), admission=ENROLLED, at=TUESDAY)
    ).then_refused(LESSON_NOT_FOUND)


def test_a_lesson_is_completed_when_no_exercise_is_open_and_only_once() -> None:
    course = a_published_course()
    given(a_beginner()).when(
        lambda progress: progress.complete_lesson(course, LESSON, admission=ENROLLED, at=TUESDAY)
    ).then_refused(LESSON_HAS_OPEN_EXERCISES)
    at_the_second = a_beginner()
    at_the_second.lessons.add(LESSON)
    progress = (
        given(at_the_second)
        .when(lambda progress: progress.complete_lesson(course, OTHER_LESSON, admission=ENROLLED, at=TUESDAY))
        .then(lesson_completed(OTHER_LESSON))
    )
    given(progress).when(
        lambda progress: progress.complete_lesson(course, OTHER_LESSON, admission=ENROLLED, at=TUESDAY)
    ).then()
