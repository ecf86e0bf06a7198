"""Reads the academy's YAML files."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from subgraphs.contracts.identity import Role
from subgraphs.contracts.learning import Difficulty, ExerciseType

_ACADEMY = Path(__file__).parent / "academy"
_CURRENCY = "EUR"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account."""

    name: str
    mailbox: str
    role: Role
    bio: str | None = None

    @property
    def email(self) -> str:
        return f"{self.mailbox}@academy.example"


class Story(StrEnum):
    """What became of somebody who has come lately."""

    PENDING = "pending"
    REMINDED = "reminded"
    LAPSED = "lapsed"
    VERIFIED = "verified"
    MOVED = "moved"
    SUSPENDED = "suspended"
    DELETED = "deleted"
    UNLUCKY = "unlucky"
    TUTOR_SINCE_TONIGHT = "tutor_since_tonight"
    TUTOR_SINCE_NOON = "tutor_since_noon"
    FORMER_TUTOR = "former_tutor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Question:
    """Of a quiz; `right` counts the right options from 0."""

    text: str
    options: tuple[str, ...]
    right: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Test:
    """An input for a program, and the output that is expected."""

    input: str
    expected: str
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Exercise:
    type: ExerciseType
    title: str
    instructions: str
    questions: tuple[Question, ...] = ()
    tests: tuple[Test, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """Something to hand in, in one of these ways."""

    title: str
    instructions: str
    types: tuple[str, ...]
    points: int


@dataclass(frozen=True, slots=True)
class Lesson:
    title: str
    content: str
    exercises: tuple[Exercise, ...]


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A course to be made; `tutor` is a mailbox."""

    title: str
    description: str
    subject: str
    difficulty: Difficulty
    price: int
    currency: str
    tutor: str
    is_draft: bool
    sections: tuple[Section, ...]
    assignments: tuple[Assignment, ...] = ()

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """All of them, in the order of the course."""
        return tuple(
            exercise
            for section in self.sections
            for lesson in section.lessons
            for exercise in lesson.exercises
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """What a tutor offers; `hours` are weekdays with minutes after midnight."""

    headline: str
    subjects: tuple[str, ...]
    languages: tuple[str, ...]
    rate: int | None
    time_zone: str
    hours: tuple[tuple[str, int, int], ...]
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Academy:
    """`offers` are by the tutors' mailboxes."""

    staff: tuple[Person, ...]
    tutors: tuple[Person, ...]
    students: tuple[Person, ...]
    courses: tuple[Course, ...]
    offers: Mapping[str, Offer]
    newcomers: tuple[tuple[Person, Story], ...] = ()


@cache
def read_academy() -> Academy:
    """The academy as its files describe it."""
    people, courses, tutors = _read("people.yaml"), _read("courses.yaml"), _read("tutors.yaml")
    return Academy(
        staff=tuple(
            Person(each["name"], each["mailbox"], Role(each["role"]), each["bio"]) for each in people["staff"]
        ),
        tutors=tuple(
            Person(each["name"], each["mailbox"], Role.TUTOR, each["bio"]) for each in people["tutors"]
        ),
        students=tuple(Person(each["name"], each["mailbox"], Role.STUDENT) for each in people["students"]),
        courses=tuple(_course(each) for each in courses),
        offers={mailbox: _offer(each) for mailbox, each in tutors.items()},
        newcomers=tuple(
            (Person(each["name"], each["mailbox"], Role.STUDENT), Story(each["story"]))
            for each in people["newcomers"]
        ),
    )


def _read(name: str) -> Any:
    return yaml.safe_load((_ACADEMY / name).read_text(encoding="utf-8"))


def _offer(offer: dict[str, Any]) -> Offer:
    return Offer(
        headline=offer["headline"],
        subjects=tuple(offer["subjects"]),
        languages=tuple(offer["languages"]),
        rate=offer.get("rate"),
        time_zone=offer["time_zone"],
        hours=tuple((day, *_minutes(span)) for day, spans in offer["hours"].items() for span in spans),
        is_verified=offer["is_verified"],
    )


def _minutes(span: str) -> tuple[int, int]:
    """Of a span as 09:00-13:00."""
    starts, ends = (
        int(hours) * 60 + int(minutes) for hours, minutes in (clock.split(":") for clock in span.split("-"))
    )
    return starts, ends


def _course(course: dict[str, Any]) -> Course:
    return Course(
        title=course["title"],
        description=course["description"],
        subject=course["subject"],
        difficulty=Difficulty(course["difficulty"]),
        price=course["price"],
        currency=_CURRENCY,
        tutor=course["tutor"],
        is_draft=course.get("status") == "DRAFT",
        sections=tuple(
            Section(section["title"], tuple(_lesson(lesson) for lesson in section["lessons"]))
            for section in course["sections"]
        ),
        assignments=tuple(
            Assignment(one["title"], one["instructions"], tuple(one["types"]), one["points"])
            for one in course.get("assignments", ())
        ),
    )


def _lesson(lesson: dict[str, Any]) -> Lesson:
    return Lesson(
        title=lesson["title"],
        content=lesson["content"],
        exercises=tuple(_exercise(exercise) for exercise in lesson["exercises"]),
    )


def _exercise(exercise: dict[str, Any]) -> Exercise:
    return Exercise(
        type=ExerciseType(exercise["type"]),
        title=exercise["title"],
        instructions=exercise["instructions"],
        questions=tuple(
            Question(one["text"], tuple(one["options"]), tuple(one["right"]))
            for one in exercise.get("questions", ())
        ),
        tests=tuple(
            Test(one["input"], one["expected"], one.get("is_sample", False))
            for one in exercise.get("tests", ())
        ),
    )
