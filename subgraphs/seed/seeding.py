"""Carries the schedule out: real commands, given by those who would give them, at the times they would."""

import asyncio
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import TypeVar, assert_never

from subgraphs.contracts import CONTRACTS
from subgraphs.contracts.identity import Role
from subgraphs.gamification import app as gamification
from subgraphs.gamification import tables as gamification_tables
from subgraphs.identity import app as identity
from subgraphs.identity import tables as identity_tables
from subgraphs.identity.commands import CreateUser
from subgraphs.identity.domain import PasswordHash, UserRole
from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import SYSTEM, Actor, RequestContext
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.domain import Failure, RandomIds
from subgraphs.kernel.messaging.sequencer import Sequencer
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.projections import Projector
from subgraphs.kernel.settings import Settings
from subgraphs.kernel.store import tables as kernel_tables
from subgraphs.kernel.store.migrations import migrate
from subgraphs.learning import app as learning
from subgraphs.learning import tables as learning_tables
from subgraphs.learning.commands.authoring import (
    AddExercise,
    AddLesson,
    AddSection,
    CreateCourse,
    PublishCourse,
)
from subgraphs.learning.commands.studying import CompleteExercise
from subgraphs.learning.domain.values import Difficulty, ExerciseType
from subgraphs.seed import marker
from subgraphs.seed.content import Academy, Course, Person, read_academy
from subgraphs.seed.demo import DEMO_PASSWORD_HASH
from subgraphs.seed.marker import Progress, SeedTables
from subgraphs.seed.schedule import Complete, Join, Step, Teach, schedule

R = TypeVar("R")

_IDS = 1854  # any number: the same one makes the same ids

_TABLES = (
    gamification_tables.metadata,
    learning_tables.metadata,
    identity_tables.metadata,
    kernel_tables.metadata,
)


class SeedingError(Exception):
    """The schedule asks for something that the rules do not allow, or an event was not handled."""


async def seed(
    settings: Settings, *, now: datetime, tell: Callable[[str], None], academy: Academy | None = None
) -> bool:
    """Migrate, and fill an empty database with an academy (that of the files) as it is on the day of `now`.

    A database that is seeded, or that somebody works with already, is left alone; what an interrupted seeding
    left is deleted, and the seeding begun anew. Nobody may use the database meanwhile. `tell` gets a line for
    every stage. Returns whether anything was seeded.
    """
    clock = _Timeline(now)
    ids = RandomIds(Random(_IDS))  # noqa: S311 -- not secret
    # People do in seconds what they did in weeks.
    settings = replace(settings, redis_url=None, requests_per_minute=sys.maxsize)
    platform = Platform.open(settings, clock=clock, ids=ids, threads=False, contracts=CONTRACTS)
    try:
        contexts = identity.build(platform), learning.build(platform), gamification.build(platform)
        platform.add(*contexts)
        await migrate(platform.database, (*contexts, SeedTables()))
        if not await _is_wanted(platform, tell):
            return False
        await marker.begin(platform.database, _TABLES, at=now)
        users, courses, _ = contexts
        steps = schedule(academy or read_academy(), now.date())
        tell(_summary(steps))
        await _Seeding(platform, clock, users=users.commands, courses=courses.commands).carry_out(steps)
        await _project(platform, contexts)
        await marker.finish(platform.database, at=now)
        return True
    finally:
        await platform.close()


async def _is_wanted(platform: Platform, tell: Callable[[str], None]) -> bool:
    found = await marker.progress(platform.database)
    match found:
        case Progress.FINISHED:
            return False
        case Progress.IN_USE:
            tell("The database is in use without the demonstration academy, and stays as it is")
            return False
        case Progress.INTERRUPTED:
            tell("The last seeding was interrupted: beginning anew")
            return True
        case Progress.EMPTY:
            return True
        case _:
            assert_never(found)


async def _project(platform: Platform, contexts: Iterable[BoundedContext]) -> None:
    sequencer = Sequencer(platform.transactions)
    while await sequencer.step():
        pass
    projections = [one for context in contexts for one in context.projections]
    projector = Projector(platform.transactions, projections)
    applied = 1
    while applied:
        applied = await projector.step()
        await asyncio.sleep(0)  # as between the steps


def _summary(steps: Sequence[Step]) -> str:
    people, courses, completed = (
        sum(isinstance(step, kind) for step in steps) for kind in (Join, Teach, Complete)
    )
    return f"Seeding the academy: {people} people, {courses} courses, {completed} completed exercises"


class _Timeline:
    """A clock that shows the time of the step that is carried out."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def move_to(self, instant: datetime) -> None:
        self._now = instant


@dataclass
class _Seeding:
    """One run: remembers which ids the people and exercises of the schedule have been given."""

    platform: Platform
    clock: _Timeline
    users: CommandBus = field(kw_only=True)
    courses: CommandBus = field(kw_only=True)
    people: dict[str, Actor] = field(default_factory=dict, init=False)
    exercises: dict[tuple[str, int], str] = field(default_factory=dict, init=False)

    async def carry_out(self, steps: Sequence[Step]) -> None:
        """Do everything, and let the events of each day take effect before the next one begins."""
        worker = Worker(self.platform.transactions)
        day = None
        for step in steps:
            if day not in (None, step.at.date()):
                await worker.drain()
            day = step.at.date()
            self.clock.move_to(step.at)
            await self._carry_out(step)
            await asyncio.sleep(0)  # the database waits for nothing: let those in who want to stop us
        left = await worker.drain()
        if left.waiting or left.dead or left.blocked:
            raise SeedingError(f"not every event was handled: {left}")

    async def _carry_out(self, step: Step) -> None:
        match step:
            case Join():
                await self._join(step.person)
            case Teach():
                await self._teach(step.course)
            case Complete():
                exercise_id = self.exercises[step.course.title, step.exercise]
                student = self.people[step.student.mailbox]
                await self._do(self.courses, CompleteExercise(exercise_id, step.score), student)
            case _:
                assert_never(step)

    async def _join(self, person: Person) -> None:
        first_name, _, last_name = person.name.partition(" ")
        command = CreateUser(
            email=person.email,
            password_hash=PasswordHash(DEMO_PASSWORD_HASH),
            first_name=first_name,
            last_name=last_name,
            role=UserRole(person.role),
            bio=person.bio,
        )
        user_id = await self._do(self.users, command, SYSTEM)
        self.people[person.mailbox] = Actor(str(user_id), Role(person.role))

    async def _teach(self, course: Course) -> None:
        tutor = self.people[course.tutor]
        command = CreateCourse(
            title=course.title,
            description=course.description,
            subject=course.subject,
            difficulty=Difficulty(course.difficulty),
            price_amount_minor=course.price,
            price_currency=course.currency,
        )
        course_id = str(await self._do(self.courses, command, tutor))
        number = 0
        for section in course.sections:
            section_id = str(await self._do(self.courses, AddSection(course_id, section.title), tutor))
            for lesson in section.lessons:
                add_lesson = AddLesson(section_id, lesson.title, lesson.content)
                lesson_id = str(await self._do(self.courses, add_lesson, tutor))
                for exercise in lesson.exercises:
                    add_exercise = AddExercise(
                        lesson_id, ExerciseType(exercise.type), exercise.title, exercise.instructions
                    )
                    exercise_id = await self._do(self.courses, add_exercise, tutor)
                    self.exercises[course.title, number] = str(exercise_id)
                    number += 1
        if not course.is_draft:
            await self._do(self.courses, PublishCourse(course_id), tutor)

    async def _do(self, bus: CommandBus, command: Command[R], actor: Actor) -> R:
        request = RequestContext(actor, str(self.platform.ids.new()))
        result = await bus.execute(command, request)
        if isinstance(result, Failure):
            raise SeedingError(f"{type(command).__name__}: {result.error.code}: {result.error.message}")
        return result.value
