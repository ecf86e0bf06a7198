"""Commands on a real database: who may, what is stored, what is published."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import SYSTEM, Actor
from subgraphs.kernel.domain import Currency, Money
from subgraphs.kernel.store.tables import outbox
from subgraphs.learning import tables
from subgraphs.learning.commands.authoring import CreateCourse, PublishCourse, UpdateCourse
from subgraphs.learning.commands.filling import AddExercise, AddLesson, AddSection
from subgraphs.learning.commands.studying import CompleteExercise, CompleteLesson
from subgraphs.learning.domain.identifiers import CourseId
from subgraphs.learning.domain.values import Difficulty, ExerciseType
from subgraphs.learning.repository.courses import find_course
from tests.subgraphs.learning.school import OTHER_TUTOR, STAFF, STUDENT, TUTOR, School
from tests.subgraphs.people import done, refused

EUR_19 = Money(1900, Currency("EUR"))
CREATE = CreateCourse("Knots", "All about knots", "Seamanship", Difficulty.BEGINNER, 1900, "EUR")


async def test_a_course_is_loaded_as_it_was_made(school: School) -> None:
    made = await school.course()
    async with school.platform.database.read() as connection:
        course = await find_course(connection, CourseId(made.id))
    assert course is not None
    assert (str(course.title), str(course.tutor_id), course.price) == ("Knots", TUTOR.id, EUR_19)
    assert [str(lesson.id) for lesson in course.lessons] == list(made.lesson_ids)
    assert [[exercise.type for exercise in lesson.exercises] for lesson in course.lessons] == [
        [ExerciseType.READING, ExerciseType.QUIZ],
        [ExerciseType.CODING],
    ]
    assert (course.is_published, course.version) == (True, 8)  # one per command


@pytest.mark.parametrize(
    ("actor", "tutor_id", "refusal"),
    [
        (None, None, ("UNAUTHENTICATED", None)),
        (STUDENT, None, ("FORBIDDEN", None)),
        (TUTOR, OTHER_TUTOR.id, ("FORBIDDEN", None)),
        (STAFF, None, ("REQUIRED", "tutorId")),
        (STAFF, "nobody", ("INVALID_ID", "tutorId")),
    ],
)
async def test_who_may_not_create_a_course(
    school: School, actor: Actor | None, tutor_id: str | None, refusal: tuple[str, str | None]
) -> None:
    command = CreateCourse("Knots", "x", "x", Difficulty.BEGINNER, 0, "EUR", tutor_id)
    assert refused(await school.by(actor, command)) == refusal
    assert await _count(school) == 0


async def test_tutors_create_for_themselves_and_the_staff_for_tutors(school: School) -> None:
    done(await school.by(TUTOR, CREATE))
    for_tutor = CreateCourse("Sails", "x", "x", Difficulty.ADVANCED, 0, "EUR", OTHER_TUTOR.id)
    done(await school.by(STAFF, for_tutor))
    async with school.platform.database.read() as connection:
        tutors = list(await connection.scalars(select(tables.course.c.tutor_id)))
    assert sorted(tutors) == [TUTOR.id, OTHER_TUTOR.id]


@pytest.mark.parametrize("actor", [OTHER_TUTOR, STUDENT, None])
async def test_a_course_is_changed_by_its_tutor_and_the_staff_only(
    school: School, actor: Actor | None
) -> None:
    course = await school.course(publish=False)
    commands: list[Command[object]] = [
        UpdateCourse(course.id, title="Mine now"),
        AddSection(course.id, "x"),
        AddLesson(course.section_id, "x", "x"),
        AddExercise(course.lesson_ids[0], ExerciseType.QUIZ, "x", "x"),
        PublishCourse(course.id),
    ]
    nowhere: list[Command[object]] = [
        UpdateCourse("?", title="Mine now"),
        AddSection("?", "x"),
        AddLesson("?", "x", "x"),
        AddExercise("?", ExerciseType.QUIZ, "x", "x"),
        PublishCourse("?"),
    ]
    for theirs, none in zip(commands, nowhere, strict=True):  # whose draft there is, nobody learns
        assert await school.by(actor, theirs) == await school.by(actor, none)
    for command in commands:
        done(await school.by(STAFF, command))
    expected = "FORBIDDEN" if actor else "UNAUTHENTICATED"
    assert [refused(await school.by(actor, command))[0] for command in commands] == [expected] * 5


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (UpdateCourse("?"), ("COURSE_NOT_FOUND", "courseId")),
        (AddSection("?", "x"), ("COURSE_NOT_FOUND", "courseId")),
        (AddLesson("?", "x", "x"), ("SECTION_NOT_FOUND", "sectionId")),
        (AddExercise("?", ExerciseType.QUIZ, "x", "x"), ("LESSON_NOT_FOUND", "lessonId")),
        (PublishCourse("?"), ("COURSE_NOT_FOUND", "courseId")),
        (CreateCourse(" ", "x", "x", Difficulty.BEGINNER, 0, "EUR"), ("REQUIRED", "title")),
        (CreateCourse("x", "\0", "x", Difficulty.BEGINNER, 0, "EUR"), ("INVALID_TEXT", "description")),
        (CreateCourse("x", "x", "x", Difficulty.BEGINNER, -1, "EUR"), ("INVALID_PRICE", "price")),
    ],
)
async def test_bad_input_is_refused(
    school: School, command: Command[object], refusal: tuple[str, str]
) -> None:
    assert refused(await school.by(TUTOR, command)) == refusal


async def test_an_update_changes_only_what_is_given(school: School) -> None:
    course = await school.course()
    done(await school.by(TUTOR, UpdateCourse(course.id, title="Hitches", price_amount_minor=100)))
    assert refused(await school.by(TUTOR, UpdateCourse(course.id, title=""))) == ("REQUIRED", "title")
    async with school.platform.database.read() as connection:
        stored = await find_course(connection, CourseId(course.id))
    assert stored is not None
    assert (str(stored.title), str(stored.description)) == ("Hitches", "All about Knots")
    assert stored.price == Money(100, Currency("EUR"))


async def test_completing_publishes_what_others_may_know(school: School) -> None:
    course = await school.course()
    school.clock.advance(timedelta(hours=1))
    for exercise_id in course.exercise_ids[:2]:
        done(await school.by(STUDENT, CompleteExercise(exercise_id, 80)))
    messages = [(kind, data) for kind, data in await _published(school) if kind != "learning.lesson_added"]
    assert [kind for kind, _ in messages] == [
        "learning.course_created",
        "learning.course_published",
        "learning.exercise_completed",
        "learning.exercise_completed",
        "learning.lesson_completed",
    ]
    assert messages[2][1] == {
        "user_id": STUDENT.id,
        "course_id": course.id,
        "lesson_id": course.lesson_ids[0],
        "exercise_id": course.exercise_ids[0],
        "exercise_type": "READING",
        "score": 80,
        "completed_at": "2025-09-01T09:00:00Z",
    }
    assert messages[4][1] == {
        "user_id": STUDENT.id,
        "course_id": course.id,
        "lesson_id": course.lesson_ids[0],
        "difficulty": "BEGINNER",
        "completed_at": "2025-09-01T09:00:00Z",
    }


async def test_completing_twice_is_the_same_progress_and_no_second_message(school: School) -> None:
    course = await school.course()
    first = done(await school.by(STUDENT, CompleteExercise(course.exercise_ids[0], 50)))
    before = await _published(school)
    assert done(await school.by(STUDENT, CompleteExercise(course.exercise_ids[0], 100))) == first
    assert await _published(school) == before
    async with school.platform.database.read() as connection:
        assert await connection.scalar(select(tables.exercise_progress.c.score)) == 50


@pytest.mark.parametrize(
    ("actor", "score", "refusal"),
    [
        (None, 80, ("UNAUTHENTICATED", None)),
        (TUTOR, 80, ("FORBIDDEN", None)),
        (SYSTEM, 80, ("INVALID_ID", "studentId")),
        (STUDENT, 101, ("INVALID_SCORE", "score")),
    ],
)
async def test_who_may_not_complete_an_exercise(
    school: School, actor: Actor | None, score: int, refusal: tuple[str, str | None]
) -> None:
    course = await school.course()
    assert refused(await school.by(actor, CompleteExercise(course.exercise_ids[0], score))) == refusal


async def test_a_refused_completion_leaves_no_trace(school: School) -> None:
    draft = await school.course(publish=False)
    before = await _published(school)
    refusals = [
        refused(await school.by(STUDENT, CompleteExercise(draft.exercise_ids[0], 80))),
        refused(await school.by(STUDENT, CompleteExercise("?", 80))),
        refused(await school.by(STUDENT, CompleteLesson(draft.lesson_ids[0]))),
        refused(await school.by(STUDENT, CompleteLesson("?"))),
    ]
    assert [code for code, _ in refusals] == [
        "EXERCISE_NOT_FOUND",
        "EXERCISE_NOT_FOUND",
        "LESSON_NOT_FOUND",
        "LESSON_NOT_FOUND",
    ]
    assert await _published(school) == before
    async with school.platform.database.read() as connection:
        for table in (tables.student_progress, tables.progress_summary):
            assert await connection.scalar(select(func.count()).select_from(table)) == 0


async def _count(school: School) -> int | None:
    async with school.platform.database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(tables.course))


async def _published(school: School) -> list[tuple[str, object]]:
    """The types and bodies of learning's messages, oldest first."""
    async with school.platform.database.read() as connection:
        rows = await connection.execute(select(outbox.c.type, outbox.c.data).order_by(outbox.c.pos))
        return [(row.type, json.loads(row.data)) for row in rows]
