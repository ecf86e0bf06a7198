"""Decides who does what when in the academy: a pure function of the day it is to end on.

Everything happens before the first minute of that day is over, so that nothing lies in the future whenever on
that day the seeding runs. Some students are up in that minute already, so that the leaderboards of the week
and of the month have somebody on them even when both have just begun.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TypeAlias

from subgraphs.contracts.learning import ExerciseType
from subgraphs.seed.content import Academy, Course, Exercise, Person

_SEED = "the academy in the former post office"

_FOUNDED_DAYS_AGO = 200
_LAST_OLD_COURSE_DAYS_AGO = 75
_LATEST_COURSES_DAYS_AGO = (26, 12)
_UP_EARLY_TODAY = 0.3
_BACK_THIS_WEEK = 0.4
_IDLE = 0.08
_MOST_RETURNS = 6


@dataclass(frozen=True, slots=True)
class Join:
    """Somebody gets an account."""

    at: datetime
    person: Person


@dataclass(frozen=True, slots=True)
class Teach:
    """A tutor makes a course, and publishes it unless it is to stay a draft."""

    at: datetime
    course: Course


@dataclass(frozen=True, slots=True)
class Complete:
    """A student completes an exercise, counted from 0 within its course."""

    at: datetime
    student: Person
    course: Course
    exercise: int
    score: int


Step: TypeAlias = Join | Teach | Complete


def schedule(academy: Academy, today: date) -> tuple[Step, ...]:
    """All that ever happened in the academy up to the first minute of `today`, in order."""
    random = Random(_SEED)  # noqa: S311 -- the same every time is what it is for
    steps: list[Step] = []
    steps += _joins((*academy.staff, *academy.tutors), today, _FOUNDED_DAYS_AGO)
    courses = tuple(_courses(academy.courses, today, random))
    steps += courses
    for student in academy.students:
        steps += _student(student, courses, today, random)
    return tuple(sorted(steps, key=lambda step: step.at))


def _joins(people: Sequence[Person], today: date, first_days_ago: int) -> Iterator[Join]:
    """One after the other, a day each."""
    for number, person in enumerate(people):
        yield Join(_at(today - timedelta(days=first_days_ago - number), 9 * 60 + number), person)


def _courses(courses: Sequence[Course], today: date, random: Random) -> Iterator[Teach]:
    """The first courses soon after the foundation, two new ones lately, and drafts last."""
    published = [course for course in courses if not course.is_draft]
    old, new = published[: -len(_LATEST_COURSES_DAYS_AGO)], published[-len(_LATEST_COURSES_DAYS_AGO) :]
    first = _FOUNDED_DAYS_AGO - 20
    for number, course in enumerate(old):
        days_ago = first - number * (first - _LAST_OLD_COURSE_DAYS_AGO) // len(old)
        yield Teach(_at(today - timedelta(days=days_ago), random.randint(8 * 60, 18 * 60)), course)
    for course, days_ago in zip(new, _LATEST_COURSES_DAYS_AGO, strict=True):
        yield Teach(_at(today - timedelta(days=days_ago), 10 * 60), course)
    for course in courses:
        if course.is_draft:
            yield Teach(_at(today - timedelta(days=3), 11 * 60), course)


def _student(student: Person, courses: Sequence[Teach], today: date, random: Random) -> Iterator[Step]:
    """A student joins, and comes back on some days to work through a few courses."""
    days = _active_days(today, random)
    first = days[0] if days else today - timedelta(days=random.randint(1, 20))
    yield Join(_at(first - timedelta(days=random.randint(1, 14)), random.randint(7 * 60, 22 * 60)), student)
    if not days:
        return
    talent = random.randint(62, 92)
    wishes = [teach.course for teach in courses if teach.at.date() < first and not teach.course.is_draft]
    chosen = random.sample(wishes, k=min(random.randint(2, 5), len(wishes)))
    to_do = iter(
        [(course, number, exercise) for course in chosen for number, exercise in enumerate(course.exercises)]
    )
    for day in days:
        minute = 0 if day == today else random.randint(7 * 60, 21 * 60)
        for position in range(random.choices((1, 2, 3, 4), weights=(4, 5, 3, 1))[0]):
            if (task := next(to_do, None)) is None:
                return
            course, number, exercise = task
            pause = position if day == today else position * random.randint(12 * 60, 40 * 60)
            at = _at(day, minute) + timedelta(seconds=random.randint(0, 30) + pause)
            yield Complete(at, student, course, number, _score(exercise, talent, random))


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


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC) + timedelta(minutes=minute)
