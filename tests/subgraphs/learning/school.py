"""Learning and gamification side by side, people to act in them, and courses to act on."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, event

from subgraphs.contracts import CONTRACTS
from subgraphs.contracts.classes import LessonUnlocked
from subgraphs.contracts.identity import Role
from subgraphs.gamification import app as gamification_app
from subgraphs.gamification.tables import person as gamification_person
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import Actor, RequestContext
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.domain import DomainError, Result
from subgraphs.kernel.messaging.backlog import queues
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.projections import Projector
from subgraphs.kernel.testing.client import GraphQLClient
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.platform import running
from subgraphs.learning import app as learning_app
from subgraphs.learning.commands.authoring import CreateCourse, PublishCourse
from subgraphs.learning.commands.filling import AddExercise, AddLesson, AddSection
from subgraphs.learning.domain.values import Difficulty, ExerciseType
from subgraphs.learning.repository.opened_lessons import open_lesson
from subgraphs.learning.tables import person as learning_person
from tests.subgraphs.learning.neighbours import Neighbours
from tests.subgraphs.people import client, done, introduce, person

R = TypeVar("R")


TUTOR, OTHER_TUTOR = person(1, Role.TUTOR), person(2, Role.TUTOR)
STAFF = person(3, Role.STAFF)
STUDENT, OTHER_STUDENT = person(4, Role.STUDENT), person(5, Role.STUDENT)

EXERCISES = ((ExerciseType.READING, ExerciseType.QUIZ), (ExerciseType.CODING,))
"""Of a course made by `School.course`: two lessons with these exercises."""


@dataclass(frozen=True)
class MadeCourse:
    id: str
    section_id: str
    lesson_ids: tuple[str, ...]
    exercise_ids: tuple[str, ...]


@dataclass(frozen=True)
class School:
    platform: Platform
    clock: FakeClock
    learning: BoundedContext
    gamification: BoundedContext
    neighbours: Neighbours

    async def by(self, actor: Actor | None, command: Command[R]) -> Result[R, DomainError]:
        return await self.learning.commands.execute(command, RequestContext(actor, "by hand"))

    async def course(
        self,
        title: str = "Knots",
        *,
        tutor: Actor = TUTOR,
        subject: str = "Seamanship",
        difficulty: Difficulty = Difficulty.BEGINNER,
        publish: bool = True,
        price: int = 1900,
        open_to: Sequence[Actor] = (STUDENT, OTHER_STUDENT),
    ) -> MadeCourse:
        """A course with one section of two lessons, whose exercises are EXERCISES.

        A class has opened all lessons of it to these students.
        """
        create = CreateCourse(title, f"All about {title}", subject, difficulty, price, "EUR")
        course_id = str(done(await self.by(tutor, create)))
        section_id = str(done(await self.by(tutor, AddSection(course_id, "The only one"))))
        lesson_ids, exercise_ids = [], []
        for number, types in enumerate(EXERCISES):
            lesson = AddLesson(section_id, f"Lesson {number}", "Read this.")
            lesson_ids.append(str(done(await self.by(tutor, lesson))))
            for exercise_type in types:
                exercise = AddExercise(lesson_ids[-1], exercise_type, f"A {exercise_type}", "Do this.")
                exercise_ids.append(str(done(await self.by(tutor, exercise))))
        if publish:
            done(await self.by(tutor, PublishCourse(course_id)))
        await self.open_lessons(course_id, lesson_ids, open_to)
        return MadeCourse(course_id, section_id, tuple(lesson_ids), tuple(exercise_ids))

    async def open_lessons(
        self, course_id: str, lesson_ids: Sequence[str], students: Sequence[Actor]
    ) -> None:
        """As if classes had told that an instructor did."""
        ids, now = tuple(student.id for student in students), self.clock.now()
        async with self.platform.database.transaction() as connection:
            for lesson_id in lesson_ids:
                unlocked = LessonUnlocked("class", course_id, lesson_id, ids, TUTOR.id, now)
                await open_lesson(connection, unlocked)

    async def deliver(self) -> None:
        """Let every event take effect."""
        await Worker(self.platform.transactions).drain()
        async with self.platform.database.read() as connection:
            for queue in await queues(connection, now=self.clock.now()):
                assert (queue.ready, queue.dead, queue.blocked) == (0, 0, 0), queue
        await Projector(self.platform.transactions, self.gamification.projections).drain()

    def ask_learning(self, actor: Actor | None = None) -> GraphQLClient:
        return client(self.platform, self.learning, actor)

    def ask_gamification(self, actor: Actor | None = None) -> GraphQLClient:
        return client(self.platform, self.gamification, actor)


@asynccontextmanager
async def open_school(folder: Path, *, patience: timedelta = timedelta(0)) -> AsyncIterator[School]:
    """A school without courses, on a database of its own."""
    clock = FakeClock()
    builds = learning_app.build, gamification_app.build
    opened = running(folder, *builds, clock=clock, contracts=CONTRACTS, patience=patience)
    async with opened as (platform, contexts):
        learning, gamification = contexts
        neighbours = Neighbours()
        platform.subscriptions.add(*neighbours.subscriptions())
        await introduce_everybody(platform)
        yield School(platform, clock, learning, gamification, neighbours)


async def introduce_everybody(platform: Platform) -> None:
    everybody = TUTOR, OTHER_TUTOR, STAFF, STUDENT, OTHER_STUDENT
    await introduce(platform, (learning_person, gamification_person), *everybody)


@contextmanager
def selects() -> Iterator[list[str]]:
    """The SELECT statements of all databases while the block runs."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT"):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)
