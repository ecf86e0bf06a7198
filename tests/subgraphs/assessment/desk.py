"""Assessment with a course and a class that it has been told of, and people to act in them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from subgraphs.assessment import app
from subgraphs.assessment.commands.assigning import CreateAssignment
from subgraphs.assessment.commands.submitting import SubmitAssignment
from subgraphs.assessment.domain.values import SubmissionType
from subgraphs.contracts import classes, learning
from subgraphs.contracts.identity import Role
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import SYSTEM, Actor, RequestContext
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.domain import DomainError, Result
from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.settings import Settings
from subgraphs.kernel.store.migrations import migrate
from subgraphs.kernel.testing.client import GraphQLClient
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.people import client, done, person

R = TypeVar("R")

TUTOR, OTHER_TUTOR, INSTRUCTOR = (person(number, Role.TUTOR) for number in (1, 2, 3))
STAFF = person(4, Role.STAFF)
STUDENT, PUPIL, STRANGER = (person(number, Role.STUDENT) for number in (5, 6, 7))
"""STUDENT takes the course of TUTOR, PUPIL the class of INSTRUCTOR, and STRANGER nothing."""

COURSE, CLASS = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
TEXT = SubmissionType.TEXT
ESSAY = CreateAssignment(COURSE, "Essay", "Write about knots.", (TEXT, SubmissionType.LINK))


@dataclass(frozen=True)
class Desk:
    platform: Platform
    clock: FakeClock
    assessment: BoundedContext

    async def by(self, actor: Actor | None, command: Command[R]) -> Result[R, DomainError]:
        return await self.assessment.commands.execute(command, RequestContext(actor, "by hand"))

    def ask(self, actor: Actor | None) -> GraphQLClient:
        return client(self.platform, self.assessment, actor)

    async def hear(self, source: str, event: IntegrationEvent, *, key: str) -> None:
        """Another context tells something."""
        async with self.platform.transactions.begin(source, RequestContext(SYSTEM, source)) as work:
            work.publish(event, key=key)
        left = await Worker(self.platform.transactions).drain()
        assert (left.waiting, left.dead) == (0, 0)

    async def enrolls(self, student: Actor) -> None:
        """Learning tells that a student takes the course."""
        enrolled = learning.StudentEnrolled(
            "enrollment", COURSE, student.id, TUTOR.id, None, self.clock.now()
        )
        await self.hear("learning", enrolled, key=student.id)

    async def assignment(self, **changes: Any) -> str:
        """An essay for the course, or something like it."""
        return str(done(await self.by(TUTOR, replace(ESSAY, **changes))))

    async def submission(self, assignment_id: str, content: str = "Knots.") -> str:
        return str(done(await self.by(STUDENT, SubmitAssignment(assignment_id, TEXT, content))))


@asynccontextmanager
async def open_desk(folder: Path, *, database_url: str | None = None) -> AsyncIterator[Desk]:
    """On a database of its own."""
    clock, settings = FakeClock(), Settings(folder, password_rounds=4)
    if database_url is not None:
        settings = replace(settings, database_url=database_url)
    platform = Platform.open(settings, clock=clock)
    try:
        assessment = app.build(platform)
        platform.add(assessment)
        await migrate(platform.database, [assessment])
        desk, now = Desk(platform, clock, assessment), clock.now()
        course = learning.CourseCreated(
            COURSE, TUTOR.id, "Knots", "Seamanship", learning.Difficulty.BEGINNER, now
        )
        await desk.hear("learning", course, key=COURSE)
        group = classes.ClassCreated(
            CLASS, classes.ClassType.GROUP, COURSE, INSTRUCTOR.id, "Mondays", 10, now
        )
        await desk.hear("classes", group, key=CLASS)
        await desk.enrolls(STUDENT)
        joined = classes.StudentEnrolled(CLASS, "place", PUPIL.id, COURSE, 10, now)
        await desk.hear("classes", joined, key=CLASS)
        clock.advance(timedelta(hours=1))
        yield desk
    finally:
        await platform.close()
