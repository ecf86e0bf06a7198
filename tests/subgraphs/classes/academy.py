"""Classes on their own, people to act in them, and a course to teach."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from subgraphs.classes import app
from subgraphs.classes.commands.enrolling import EnrollStudent
from subgraphs.classes.commands.opening import ActivateClass, CreateClass
from subgraphs.classes.domain.schedule import Weekday
from subgraphs.classes.domain.values import ClassType
from subgraphs.classes.tables import person as known_person
from subgraphs.contracts import CONTRACTS
from subgraphs.contracts.identity import Role
from subgraphs.contracts.learning import CourseCreated, Difficulty, LessonAdded
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import SYSTEM, Actor, RequestContext
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.domain import Currency, DomainError, Money, Result
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.store.tables import outbox
from subgraphs.kernel.testing.client import GraphQLClient
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.platform import running
from tests.subgraphs.people import client, done, introduce, person

R = TypeVar("R")

TUTOR, OTHER_TUTOR, STAFF = person(1, Role.TUTOR), person(2, Role.TUTOR), person(3, Role.STAFF)
STUDENT, OTHER_STUDENT = person(4, Role.STUDENT), person(5, Role.STUDENT)
SUPER_ADMIN = person(6, Role.SUPER_ADMIN)
COURSE, LESSON, OTHER_LESSON = (str(UUID(int=number, version=4)) for number in (11, 12, 13))
PRICE = Money(12000, Currency("EUR"))


@dataclass
class Academy:
    platform: Platform
    clock: FakeClock
    classes: BoundedContext

    async def by(self, actor: Actor | None, command: Command[R]) -> Result[R, DomainError]:
        return await self.classes.commands.execute(command, RequestContext(actor, "by hand"))

    async def group(self, *students: Actor, meetings: int = 3, active: bool = True) -> str:
        """A group of these students, that meets already."""
        create = CreateClass(
            ClassType.GROUP,
            "Knots on Monday",
            COURSE,
            meetings,
            PRICE,
            (Weekday.MONDAY,),
            time(18),
            starts_on=date(2025, 9, 8),
            capacity=10,
        )
        return await self._filled(create, students, active)

    async def private(self, student: Actor, *, active: bool = True) -> str:
        """A private class of a student."""
        create = CreateClass(ClassType.PRIVATE, "Knots for one", COURSE, 3, PRICE, (Weekday.FRIDAY,), time(9))
        return await self._filled(create, (student,), active)

    async def _filled(self, create: CreateClass, students: tuple[Actor, ...], active: bool) -> str:
        class_id = str(done(await self.by(STAFF, create)))
        for student in students:
            done(await self.by(STAFF, EnrollStudent(class_id, student.id, PRICE)))
        if active:
            done(await self.by(STAFF, ActivateClass(class_id)))
        return class_id

    async def published(self) -> list[str]:
        """The types of all that was told to others, in order."""
        async with self.platform.database.read() as connection:
            rows = await connection.scalars(
                select(outbox.c.type).where(outbox.c.source == "classes").order_by(outbox.c.pos)
            )
            return list(rows)

    def client(self, actor: Actor | None = None) -> GraphQLClient:
        return client(self.platform, self.classes, actor)


@asynccontextmanager
async def open_academy(folder: Path, database_url: str | None = None) -> AsyncIterator[Academy]:
    """Classes without any, on a database of their own; there is a course of TUTOR's."""
    clock = FakeClock()
    opened = running(folder, app.build, clock=clock, contracts=CONTRACTS, database_url=database_url)
    async with opened as (platform, [classes]):
        async with platform.transactions.begin("learning", RequestContext(SYSTEM, "learning")) as work:
            course = CourseCreated(COURSE, TUTOR.id, "Knots", "Seamanship", Difficulty.BEGINNER, clock.now())
            work.publish(course, key=COURSE)
            for lesson_id in (LESSON, OTHER_LESSON):
                work.publish(LessonAdded(COURSE, lesson_id, clock.now()), key=COURSE)
        everybody = TUTOR, OTHER_TUTOR, STAFF, STUDENT, OTHER_STUDENT, SUPER_ADMIN
        await introduce(platform, (known_person,), *everybody)
        await Worker(platform.transactions).drain()
        yield Academy(platform, clock, classes)
