"""Quizzes and coding exercises: what is right, what is not, and what that does to a student's progress."""

from collections.abc import Sequence

import pytest

from subgraphs.kernel.domain import Failure, Success
from subgraphs.kernel.testing.scenario import given
from subgraphs.learning.domain.coding import CodingTask, CodingTest, Program, Run, RunOutcome, Verdict
from subgraphs.learning.domain.course import Course
from subgraphs.learning.domain.errors import EXERCISE_IS_GRADED, NOT_A_CODING_EXERCISE, NOT_A_QUIZ
from subgraphs.learning.domain.events import CodingExerciseSubmitted, ExerciseCompleted, QuizSubmitted
from subgraphs.learning.domain.identifiers import QuestionId
from subgraphs.learning.domain.quiz import UNKNOWN_QUESTION, Question, Quiz, QuizAnswer
from subgraphs.learning.domain.values import ExerciseType, Prose, Score, Title
from tests.subgraphs.learning.test_domain import (
    CODING,
    ENROLLED,
    IDS,
    LESSON,
    QUIZ,
    TUESDAY,
    a_beginner,
    a_draft,
    a_published_course,
)

KNOTS = Question(QuestionId("1"), "Which are knots?", ("bowline", "spoon", "hitch"), frozenset({0, 2}))
ROPE = Question(QuestionId("2"), "What is it made of?", ("hemp", "soup"), frozenset({0}))
BOTH = Quiz((KNOTS, ROPE))
SUM = CodingTask((CodingTest("1 2", "3\n", is_sample=True), CodingTest("5 5", "10\n")))


def a_graded_course() -> Course:
    course = a_published_course()
    exercises = course.sections[0].lessons[0].exercises
    exercises[0].task, exercises[1].task = BOTH, SUM
    return course


def answer(question: Question, *chosen: int) -> QuizAnswer:
    return QuizAnswer(question.id, frozenset(chosen))


@pytest.mark.parametrize(
    ("answers", "score"),
    [
        ([answer(KNOTS, 0, 2), answer(ROPE, 0)], 100),
        ([answer(KNOTS, 0, 2)], 50),
        ([answer(KNOTS, 0), answer(ROPE, 0)], 50),  # half of what is right is not right
        ([answer(KNOTS, 0, 1, 2), answer(ROPE, 1)], 0),
        ([], 0),
    ],
)
def test_a_question_is_answered_right_or_not(answers: Sequence[QuizAnswer], score: int) -> None:
    assert BOTH.grade(answers) == Success(Score(score))


def test_answers_belong_to_questions_one_each() -> None:
    assert BOTH.grade([QuizAnswer(QuestionId("?"), frozenset({0}))]) == Failure(UNKNOWN_QUESTION)
    twice = BOTH.grade([answer(ROPE, 0), answer(ROPE, 1)])
    assert isinstance(twice, Failure)
    assert twice.error.code == "ANSWERED_TWICE"


@pytest.mark.parametrize(
    ("text", "options", "right"),
    [
        (" ", ("a", "b"), (0,)),
        ("x", ("a",), (0,)),
        ("x", ("a", " a "), (0,)),
        ("x", ("a", ""), (0,)),
        ("x", ("a", "b"), ()),
        ("x", ("a", "b"), (2,)),
        ("x", ("a", "b"), (-1,)),
        ("x", tuple("abcdefghijk"), (0,)),
        ("x" * 2001, ("a", "b"), (0,)),
    ],
)
def test_a_question_that_cannot_be_answered_is_none(
    text: str, options: tuple[str, ...], right: tuple[int, ...]
) -> None:
    refused = Question.of(text, options, right, ids=IDS)
    assert isinstance(refused, Failure)
    assert (refused.error.code, refused.error.field) == ("INVALID_QUESTION", "questions")


def test_a_quiz_is_done_with_the_pass_mark_and_tried_again_with_less() -> None:
    course, progress = a_graded_course(), a_beginner()
    for answers in ([], [answer(KNOTS, 0, 2), answer(ROPE, 0)], [answer(ROPE, 0)]):
        submitted = progress.submit_quiz(course, QUIZ, answers, admission=ENROLLED, ids=IDS, at=TUESDAY)
        assert isinstance(submitted, Success)
    events = progress.pull_events()
    assert [type(event) for event in events] == [
        QuizSubmitted,
        QuizSubmitted,
        ExerciseCompleted,
        QuizSubmitted,
    ]
    attempts = [event for event in events if isinstance(event, QuizSubmitted)]
    assert [(one.attempt, one.score.points) for one in attempts] == [(1, 0), (2, 100), (3, 50)]
    assert progress.exercises[QUIZ].score == Score(100)


def test_nobody_grades_themselves_where_somebody_does() -> None:
    course = a_graded_course()
    given(a_beginner()).when(
        lambda progress: progress.complete_exercise(
            course, QUIZ, score=Score(100), admission=ENROLLED, at=TUESDAY
        )
    ).then_refused(EXERCISE_IS_GRADED)
    given(a_beginner()).when(
        lambda progress: progress.submit_quiz(course, CODING, [], admission=ENROLLED, ids=IDS, at=TUESDAY)
    ).then_refused(NOT_A_QUIZ)
    given(a_beginner()).when(
        lambda progress: progress.submit_program(
            course, QUIZ, Program("1"), [], admission=ENROLLED, ids=IDS, at=TUESDAY
        )
    ).then_refused(NOT_A_CODING_EXERCISE)


def test_a_program_is_judged_by_its_output() -> None:
    runs = [
        Run(RunOutcome.FINISHED, "3  \n\n"),
        Run(RunOutcome.FINISHED, "11\n"),
    ]
    assert SUM.judge(runs) == (Verdict.PASSED, Verdict.WRONG_OUTPUT)
    ended = [Run(RunOutcome.CRASHED, "3\n"), Run(RunOutcome.TIMED_OUT)]
    assert SUM.judge(ended) == (Verdict.CRASHED, Verdict.TIMED_OUT)


def test_a_coding_exercise_is_done_when_every_test_is_passed() -> None:
    course, progress, program = a_graded_course(), a_beginner(), Program("print(3)")
    for verdicts in ((Verdict.PASSED, Verdict.WRONG_OUTPUT), (Verdict.PASSED, Verdict.PASSED)):
        progress.submit_program(course, CODING, program, verdicts, admission=ENROLLED, ids=IDS, at=TUESDAY)
    first, second, completed = progress.pull_events()
    assert isinstance(first, CodingExerciseSubmitted)
    assert isinstance(second, CodingExerciseSubmitted)
    assert (first.attempt, first.score, second.attempt, second.score) == (1, Score(50), 2, Score(100))
    assert isinstance(completed, ExerciseCompleted)


def test_questions_are_for_quizzes_and_tests_for_coding_exercises() -> None:
    given(a_draft()).when(
        lambda course: course.add_exercise(
            LESSON,
            exercise_type=ExerciseType.READING,
            title=Title("x"),
            instructions=Prose("x"),
            task=BOTH,
            ids=IDS,
            at=TUESDAY,
        )
    ).then_refused("TASK_MISMATCH")


def test_tests_and_programs_are_bounded() -> None:
    for refused in (
        CodingTask.of([]),
        CodingTask.of([CodingTest("", "")] * 21),
        CodingTask.of([CodingTest("x" * 10_001, "")]),
    ):
        assert isinstance(refused, Failure)
        assert refused.error.code == "INVALID_TESTS"
    for source in (" ", "x" * 50_001, "a\0b"):
        assert isinstance(Program.of(source), Failure)
