"""Who does what when: the same for the same day, and alive whatever the day is."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from subgraphs.contracts.identity import Role
from subgraphs.seed.content import read_academy
from subgraphs.seed.courses import Teach
from subgraphs.seed.demo import DEMO_LOGINS
from subgraphs.seed.people import Join
from subgraphs.seed.schedule import schedule
from subgraphs.seed.studying import Complete

FRIDAY = date(2026, 11, 20)
MONDAYS_AND_FIRSTS = [date(2026, 11, 23), date(2027, 2, 1), date(2027, 3, 1), date(2028, 2, 29)]


def test_the_same_day_has_the_same_schedule() -> None:
    assert schedule(read_academy(), FRIDAY) == schedule(read_academy(), FRIDAY)


def test_another_day_has_the_same_story_later() -> None:
    later = schedule(read_academy(), FRIDAY + timedelta(days=3))
    assert [step.at - timedelta(days=3) for step in later] == [
        step.at for step in schedule(read_academy(), FRIDAY)
    ]


@pytest.mark.parametrize("today", [FRIDAY, *MONDAYS_AND_FIRSTS])
def test_nothing_lies_in_the_future_and_somebody_is_up_already(today: date) -> None:
    steps = schedule(read_academy(), today)
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC)
    assert max(step.at for step in steps) < midnight + timedelta(minutes=1)
    up = {step.student.mailbox for step in steps if isinstance(step, Complete) and step.at >= midnight}
    assert len(up) >= 10


def test_everything_happens_in_order() -> None:
    steps = schedule(read_academy(), FRIDAY)
    assert list(steps) == sorted(steps, key=lambda step: step.at)
    there: set[str] = set()
    published: set[str] = set()
    done: set[tuple[str, str, int]] = set()
    for step in steps:
        match step:
            case Join():
                there.add(step.person.mailbox)
            case Teach():
                assert step.course.tutor in there
                published |= set() if step.course.is_draft else {step.course.title}
            case Complete():
                once = step.student.mailbox, step.course.title, step.exercise
                assert step.student.mailbox in there
                assert step.course.title in published
                assert once not in done
                done.add(once)


def test_the_academy_is_worth_looking_at() -> None:
    academy = read_academy()
    people = [*academy.staff, *academy.tutors, *academy.students]
    assert {person.role for person in people} == set(Role)
    assert len({person.email for person in people}) == len(people)
    assert len(academy.students) >= 60
    assert sum(not course.is_draft for course in academy.courses) >= 12
    assert len({course.subject for course in academy.courses}) >= 6
    assert {course.tutor for course in academy.courses} <= {tutor.mailbox for tutor in academy.tutors}
    completions = Counter(
        step.student.mailbox for step in schedule(academy, FRIDAY) if isinstance(step, Complete)
    )
    assert 400 <= sum(completions.values()) <= 900
    assert min(completions.values()) <= 3 < 15 <= max(completions.values())
    assert len(completions) < len(academy.students)  # somebody has not begun yet


def test_every_demo_login_is_somebody_of_that_role() -> None:
    academy = read_academy()
    roles = {person.email: person.role for person in (*academy.staff, *academy.tutors, *academy.students)}
    assert [roles[login.email] for login in DEMO_LOGINS] == [login.role for login in DEMO_LOGINS]
    assert {login.role for login in DEMO_LOGINS} == set(Role)
