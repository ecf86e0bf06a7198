"""Students come, and come back on some days to work through a few courses.

Some students are up in the first minute of the last day, so that the leaderboards of the week and of the
month have somebody on them even when both have just begun.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from subgraphs.contracts.learning import ExerciseType
from subgraphs.kernel.application.request import Actor
from subgraphs.learning.commands.studying import ChosenOptions, CompleteExercise, SubmitQuiz
from subgraphs.learning.domain.quiz import Quiz
from subgraphs.learning.queries.content import ExercisesById
from subgraphs.seed.content import Course, Exercise, Person
from subgraphs.seed.courses import Teach
from subgraphs.seed.people import Join
from subgraphs.seed.plot import Plot, at_minute
from subgraphs.seed.run import Run

_KNOWS_AT_ONCE: Final = 75
_UP_EARLY_TODAY: Final = 0.3
_BACK_THIS_WEEK: Final = 0.4
_IDLE: Final = 0.08
_MOST_RETURNS: Final = 6


@dataclass(frozen=True, slots=True)
class Complete:
    """A student completes an exercise, counted from 0 within its course."""

    at: datetime
    student: Person
    course: Course
    exercise: int
    score: int

    async def carry_out(self, run: Run) -> None:
        exercise_id = run.ids["exercise", self.course.title, self.exercise]
        student = run.people[self.student.mailbox]
        if self.course.exercises[self.exercise].questions:
            await self._answer(exercise_id, student, run)
        else:
            await run.do("learning", CompleteExercise(exercise_id, self.score), student)

    async def _answer(self, exercise_id: str, student: Actor, run: Run) -> None:
        """Answer a quiz: at once, or once more by those who are not so good at it."""
        found = await run.ask("learning", ExercisesById((exercise_id,)), student)
        quiz = found[exercise_id].task
        assert isinstance(quiz, Quiz), "it was made with questions"
        right = tuple(ChosenOptions(str(one.id), tuple(sorted(one.right))) for one in quiz.questions)
        if self.score < _KNOWS_AT_ONCE:
            await run.do("learning", SubmitQuiz(exercise_id, ()), student)
        await run.do("learning", SubmitQuiz(exercise_id, right), student)


def students(plot: Plot) -> Iterator[Join | Complete]:
    """What every student does."""
    for student in plot.academy.students:
        yield from _student(student, plot)


def _student(student: Person, plot: Plot) -> Iterator[Join | Complete]:
    random, today = plot.random, plot.today
    days = _active_days(today, random)
    first = days[0] if days else plot.day(random.randint(1, 20))
    yield Join(
        at_minute(first - timedelta(days=random.randint(1, 14)), random.randint(7 * 60, 22 * 60)), student
    )
    if not days:
        return
    talent = random.randint(62, 92)
    wishes = [
        teach.course
        for teach in plot.steps(Teach)
        if teach.at.date() < first and not teach.course.is_draft and not _runs_programs(teach.course)
    ]
    chosen = random.sample(wishes, k=min(random.randint(2, 5), len(wishes)))
    to_do = iter(
        [(course, number, exercise) for course in chosen for number, exercise in enumerate(course.exercises)]
    )
    for day in days:
        for at in _times(day, plot):
            if (task := next(to_do, None)) is None:
                return
            course, number, exercise = task
            yield Complete(at, student, course, number, _score(exercise, talent, random))


def _times(day: date, plot: Plot) -> list[datetime]:
    """When the exercises of one day are completed, one after the other."""
    random, is_today = plot.random, day == plot.today
    minute = 0 if is_today else random.randint(7 * 60, 21 * 60)
    positions = range(random.choices((1, 2, 3, 4), weights=(4, 5, 3, 1))[0])
    pauses = [position if is_today else position * random.randint(12 * 60, 40 * 60) for position in positions]
    return sorted(at_minute(day, minute) + timedelta(seconds=random.randint(0, 30) + one) for one in pauses)


def _runs_programs(course: Course) -> bool:
    """Such a course is left to visitors: programs are not run everywhere, and take their time."""
    return any(exercise.tests for exercise in course.exercises)


def _active_days(today: date, random: Random) -> list[date]:
    """The days on which a student comes by, in order. They are found backwards from the last one."""
    mood = random.random()
    if mood < _IDLE:
        return []
    if mood < _IDLE + _UP_EARLY_TODAY:
        last = today
    elif mood < _IDLE + _UP_EARLY_TODAY + _BACK_THIS_WEEK:
        last = today - timedelta(days=random.randint(1, 6))
    else:
        last = today - timedelta(days=random.randint(7, 30))
    longest_gap = random.choice((1, 2, 3, 5, 7))
    days = [last]
    for _ in range(random.randint(0, _MOST_RETURNS)):
        days.append(days[-1] - timedelta(days=random.randint(1, longest_gap)))
    return days[::-1]


def _score(exercise: Exercise, talent: int, random: Random) -> int:
    """Reading is read or not; the rest goes better or worse, to full marks at best."""
    if exercise.type is ExerciseType.READING:
        return 100
    return max(35, min(100, round(random.gauss(talent + 4, 9))))
