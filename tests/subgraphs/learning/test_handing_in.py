"""Quizzes and programs through the graph: what students see of them, hand in, and are told."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from subgraphs.contracts.identity import UserDeleted
from subgraphs.kernel.application.request import SYSTEM, Actor, RequestContext
from subgraphs.learning.code_runner import CodeRunnerUnavailableError
from subgraphs.learning.commands.authoring import CreateCourse, PublishCourse
from subgraphs.learning.commands.coding import RunOnTests, SubmitCodingExercise
from subgraphs.learning.commands.enrolling import EnrollStudent
from subgraphs.learning.commands.filling import AddExercise, AddLesson, AddSection, QuestionDraft
from subgraphs.learning.commands.studying import CompleteExercise, CompleteLesson, SubmitQuiz
from subgraphs.learning.domain.coding import CodingTest, Program, Run, RunOutcome
from subgraphs.learning.domain.values import Difficulty, ExerciseType
from subgraphs.learning.tables import coding_submission, enrollment, quiz_attempt, student_progress
from tests.subgraphs.learning.school import OTHER_STUDENT, STAFF, STUDENT, TUTOR, School
from tests.subgraphs.people import done, refused

QUESTIONS = (
    QuestionDraft("Which are knots?", ("bowline", "spoon", "hitch"), (0, 2)),
    QuestionDraft("What is rope made of?", ("hemp", "soup"), (0,)),
)
TESTS = (CodingTest("1 2", "3", is_sample=True), CodingTest("20 22", "42"))

SEEN = """
    query ($id: ID!) { exercise(id: $id) {
      isGraded questions { id text options rightOptions } tests { input expected isSample }
    } }
"""
SUBMIT_QUIZ = """
    mutation ($input: SubmitQuizInput!) { submitQuiz(input: $input) {
      quizAttempt { attempt score isPassed exercise { title } } errors { code }
    } }
"""
SUBMIT_PROGRAM = """
    mutation ($input: SubmitCodingExerciseInput!) { submitCodingExercise(input: $input) {
      codingSubmission { attempt score isPassed verdicts source } errors { code field }
    } }
"""
PROGRESS = """
    { studentProgress { items {
      percent
      quizAttempts(first: 1) { nodes { score } pageInfo { hasNextPage } }
      codingSubmissions { nodes { score verdicts } }
    } } }
"""


async def _course(school: School) -> tuple[str, str]:
    """The quiz and the coding exercise of a free course that STUDENT takes."""
    create = CreateCourse("Knots", "x", "Seamanship", Difficulty.BEGINNER, 0, "EUR")
    course_id = str(done(await school.by(TUTOR, create)))
    section_id = str(done(await school.by(TUTOR, AddSection(course_id, "Only"))))
    lesson_id = str(done(await school.by(TUTOR, AddLesson(section_id, "Only", "Read."))))
    quiz = AddExercise(lesson_id, ExerciseType.QUIZ, "Which?", "Choose.", questions=QUESTIONS)
    coding = AddExercise(lesson_id, ExerciseType.CODING, "Sum", "Add up.", tests=TESTS)
    ids = [str(done(await school.by(TUTOR, one))) for one in (quiz, coding)]
    done(await school.by(TUTOR, PublishCourse(course_id)))
    done(await school.by(STUDENT, EnrollStudent(course_id)))
    return ids[0], ids[1]


async def test_students_never_see_what_is_right(school: School) -> None:
    quiz, coding = await _course(school)

    async def seen(actor: Actor | None, exercise: str) -> dict[str, Any]:
        found: dict[str, Any] = (await school.ask_learning(actor).execute(SEEN, id=exercise))["data"]
        return dict(found["exercise"])

    for actor, right in ((STUDENT, [None, None]), (TUTOR, [[0, 2], [0]]), (STAFF, [[0, 2], [0]])):
        found = await seen(actor, quiz)
        assert found["isGraded"]
        assert [question["rightOptions"] for question in found["questions"]] == right
    assert [test["expected"] for test in (await seen(STUDENT, coding))["tests"]] == ["3"]
    assert [test["expected"] for test in (await seen(TUTOR, coding))["tests"]] == ["3", "42"]
    for stranger in (OTHER_STUDENT, None):
        found = await seen(stranger, quiz)
        assert (found["isGraded"], found["questions"], found["tests"]) == (True, None, None)


async def test_a_quiz_is_graded_and_tried_again(school: School) -> None:
    quiz, _ = await _course(school)
    student = school.ask_learning(STUDENT)
    questions = (await student.data(SEEN, id=quiz))["exercise"]["questions"]
    right = [
        {"questionId": question["id"], "options": options}
        for question, options in zip(questions, ([0, 2], [0]), strict=True)
    ]
    for answers, expected in ((right[:1], (1, 50, False)), (right, (2, 100, True))):
        answer = await student.data(SUBMIT_QUIZ, input={"exerciseId": quiz, "answers": answers})
        attempt = answer["submitQuiz"]["quizAttempt"]
        school.clock.advance(timedelta(minutes=1))
        assert (attempt["attempt"], attempt["score"], attempt["isPassed"]) == expected
        assert attempt["exercise"] == {"title": "Which?"}
    [progress] = (await student.data(PROGRESS))["studentProgress"]["items"]
    assert progress["percent"] == 33
    assert progress["quizAttempts"] == {"nodes": [{"score": 100}], "pageInfo": {"hasNextPage": True}}


@pytest.mark.usefixtures("sandbox")
async def test_a_program_is_run_on_the_tests(school: School) -> None:
    _, coding = await _course(school)
    student = school.ask_learning(STUDENT)
    for source, expected in (
        ("print(3)", (1, 50, False, ["PASSED", "WRONG_OUTPUT"])),
        ("1 / 0", (2, 0, False, ["CRASHED", "CRASHED"])),
        ("print(sum(map(int, input().split())))", (3, 100, True, ["PASSED", "PASSED"])),
    ):
        answer = await student.data(SUBMIT_PROGRAM, input={"exerciseId": coding, "source": source})
        submission = answer["submitCodingExercise"]["codingSubmission"]
        school.clock.advance(timedelta(minutes=1))
        found = tuple(submission[field] for field in ("attempt", "score", "isPassed", "verdicts"))
        assert (found, submission["source"]) == (expected, source)
    [progress] = (await student.data(PROGRESS))["studentProgress"]["items"]
    assert progress["percent"] == 33
    assert [one["score"] for one in progress["codingSubmissions"]["nodes"]] == [100, 0, 50]


@pytest.mark.parametrize(
    ("actor", "code"), [(None, "UNAUTHENTICATED"), (OTHER_STUDENT, "NOT_ENROLLED"), (TUTOR, "FORBIDDEN")]
)
async def test_who_may_not_hand_in(school: School, actor: Actor | None, code: str) -> None:
    quiz, coding = await _course(school)
    commands = SubmitQuiz(quiz, ()), SubmitCodingExercise(coding, "print(3)")
    assert [refused(await school.by(actor, command))[0] for command in commands] == [code, code]


async def test_what_cannot_be_handed_in(school: School) -> None:
    quiz, coding = await _course(school)
    refusals = [
        refused(await school.by(STUDENT, command))
        for command in (
            CompleteExercise(quiz, 100),
            SubmitQuiz(coding, ()),
            SubmitQuiz("?", ()),
            SubmitCodingExercise(quiz, "print(3)"),
            SubmitCodingExercise("?", "print(3)"),
            SubmitCodingExercise(coding, " "),
        )
    ]
    assert refusals == [
        ("EXERCISE_IS_GRADED", "exerciseId"),
        ("NOT_A_QUIZ", "exerciseId"),
        ("EXERCISE_NOT_FOUND", "exerciseId"),
        ("NOT_A_CODING_EXERCISE", "exerciseId"),
        ("EXERCISE_NOT_FOUND", "exerciseId"),
        ("INVALID_PROGRAM", "source"),
    ]


class _Machine:
    """A code runner on which every program ends like this, or that is out of order."""

    def __init__(self, outcome: RunOutcome | None) -> None:
        self.outcome = outcome
        self.runs = 0

    async def run(self, program: Program, stdin: str) -> Run:
        self.runs += 1
        if self.outcome is None:
            raise CodeRunnerUnavailableError
        return Run(self.outcome)


@pytest.mark.parametrize(
    ("outcome", "runs"), [(RunOutcome.TIMED_OUT, 1), (RunOutcome.CRASHED, 2), (RunOutcome.FINISHED, 2)]
)
async def test_a_program_that_takes_too_long_once_is_not_waited_for_again(
    school: School, outcome: RunOutcome, runs: int
) -> None:
    _, coding = await _course(school)
    machine = _Machine(outcome)
    testing = RunOnTests(school.platform.database, machine, school.platform.ids)
    tested = done(await testing(SubmitCodingExercise(coding, "1"), RequestContext(STUDENT, "by hand")))
    assert (machine.runs, len(set(tested.verdicts))) == (runs, 1)


async def test_a_program_for_a_lesson_that_is_still_locked_is_not_run(school: School) -> None:
    create = CreateCourse("Knots", "x", "Seamanship", Difficulty.BEGINNER, 0, "EUR")
    course_id = str(done(await school.by(TUTOR, create)))
    section_id = str(done(await school.by(TUTOR, AddSection(course_id, "Only"))))
    first, second = [
        str(done(await school.by(TUTOR, AddLesson(section_id, title, "Read.")))) for title in ("1", "2")
    ]
    coding = AddExercise(second, ExerciseType.CODING, "Sum", "Add up.", tests=TESTS)
    exercise_id = str(done(await school.by(TUTOR, coding)))
    done(await school.by(TUTOR, PublishCourse(course_id)))
    done(await school.by(STUDENT, EnrollStudent(course_id)))
    machine = _Machine(RunOutcome.FINISHED)
    testing = RunOnTests(school.platform.database, machine, school.platform.ids)
    program, student = SubmitCodingExercise(exercise_id, "1"), RequestContext(STUDENT, "by hand")
    assert refused(await testing(program, student)) == ("LESSON_LOCKED", None)
    assert machine.runs == 0
    done(await school.by(STUDENT, CompleteLesson(first)))
    done(await testing(program, student))
    assert machine.runs == len(TESTS)


async def test_where_programs_cannot_be_run_none_is_handed_in(school: School) -> None:
    _, coding = await _course(school)
    testing = RunOnTests(school.platform.database, _Machine(None), school.platform.ids)
    refusal = await testing(SubmitCodingExercise(coding, "1"), RequestContext(STUDENT, "by hand"))
    assert refused(refusal) == ("CODE_RUNNER_UNAVAILABLE", None)


async def test_who_is_deleted_leaves_numbers_and_nothing_that_they_have_written(school: School) -> None:
    quiz, coding = await _course(school)
    done(await school.by(STUDENT, SubmitQuiz(quiz, ())))
    async with school.platform.database.transaction() as connection:
        [progress_id] = await connection.scalars(select(student_progress.c.id))
        program = {"id": "p", "progress_id": progress_id, "exercise_id": coding, "attempt": 1}
        verdicts = {"source": "print(1)", "verdicts": "[]", "score": 0, "submitted_at": school.clock.now()}
        await connection.execute(insert(coding_submission).values(**program, **verdicts))
    async with school.platform.transactions.begin("identity", RequestContext(SYSTEM, "gone")) as work:
        work.publish(UserDeleted(STUDENT.id, school.clock.now()), key=STUDENT.id)
    await school.deliver()
    async with school.platform.database.read() as connection:
        for table in (quiz_attempt, coding_submission):
            assert (await connection.execute(select(table))).all() == []
        [left] = await connection.execute(select(enrollment.c.status, enrollment.c.cancel_reason))
    assert tuple(left) == ("CANCELLED", "USER_DELETED")
    found = await school.ask_learning(STAFF).data(
        "query ($s: ID!) { studentProgress(studentId: $s) { total } }", s=STUDENT.id
    )
    assert found["studentProgress"] == {"total": 1}
