"""Commands name people who are there, whatever of what identity has told has come by then."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import Table, delete

from subgraphs.classes import app as classes_app
from subgraphs.classes.commands.enrolling import EnrollStudent as JoinClass
from subgraphs.classes.commands.opening import CreateClass
from subgraphs.classes.domain.schedule import Weekday
from subgraphs.classes.domain.values import ClassType
from subgraphs.classes.tables import person as known_to_classes
from subgraphs.contracts import CONTRACTS
from subgraphs.contracts.identity import Role
from subgraphs.gamification import app as gamification_app
from subgraphs.gamification.commands import UnlockBadge
from subgraphs.gamification.domain.badge_evaluator import BadgeType
from subgraphs.gamification.tables import person as known_to_gamification
from subgraphs.identity import app as identity_app
from subgraphs.identity.commands import ChangeUserRole, CreateUser, DeleteUser
from subgraphs.identity.domain import Origin, UserId, UserRole
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import SYSTEM, Actor, RequestContext
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.domain import Currency, DomainError, Money, Result
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.testing.platform import Build, running
from subgraphs.learning import app as learning_app
from subgraphs.learning.commands.authoring import CreateCourse
from subgraphs.learning.commands.enrolling import EnrollStudent
from subgraphs.learning.domain.values import Difficulty
from subgraphs.learning.tables import person as known_to_learning
from subgraphs.payments import app as payments_app
from subgraphs.payments.commands.cards import RegisterCard
from subgraphs.payments.commands.paying import CreatePayment
from subgraphs.payments.commands.settling import RecordManualPayment
from subgraphs.payments.commands.subscribing import StartSubscription
from subgraphs.payments.domain.plans import Plan
from subgraphs.payments.domain.values import PaymentMethod
from subgraphs.payments.tables import person as known_to_payments
from subgraphs.people import Person, find_person
from subgraphs.people.table import meet, note
from tests.subgraphs.people import done, person, refused

STAFF: Final = person(3, Role.STAFF)
NOBODY: Final = str(UUID(int=4711, version=4))
PRICE: Final = Money(4900, Currency("EUR"))
TABLES: Final = (known_to_learning, known_to_classes, known_to_gamification, known_to_payments)
_BUILDS: Final = (
    identity_app.build,
    learning_app.build,
    classes_app.build,
    gamification_app.build,
    payments_app.build,
)


@dataclass(frozen=True)
class Town:
    platform: Platform
    contexts: Mapping[str, BoundedContext]

    async def by(self, actor: Actor, context: str, command: Command[Any]) -> Result[Any, DomainError]:
        return await self.contexts[context].commands.execute(command, RequestContext(actor, "by hand"))

    async def newcomer(self, number: int, role: UserRole = UserRole.STUDENT) -> Actor:
        """Somebody of whom the other contexts have not heard yet."""
        email = f"newcomer-{number}@marked.example"
        create = CreateUser(email, "New", "Comer", role, origin=Origin.IMPORTED)
        return Actor(str(done(await self.by(SYSTEM, "identity", create))), role)

    async def deliver(self) -> None:
        await Worker(self.platform.transactions).drain()

    async def course(self) -> str:
        create = CreateCourse("Knots", "x", "Seamanship", Difficulty.BEGINNER, 0, "EUR")
        course_id = str(done(await self.by(person(1, Role.TUTOR), "learning", create)))
        await self.deliver()
        return course_id

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Messages are handled meanwhile."""
        working = asyncio.create_task(Worker(self.platform.transactions).run())
        try:
            yield
        finally:
            self.platform.transactions.hints.stop()
            await working


@asynccontextmanager
async def open_town(folder: Path, *builds: Build, patience: timedelta) -> AsyncIterator[Town]:
    opened = running(folder, *builds, contracts=CONTRACTS, patience=patience)
    async with opened as (platform, contexts):
        yield Town(platform, {context.name: context for context in contexts})


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """Identity is waited for."""
    async with open_town(tmp_path, *_BUILDS, patience=timedelta(seconds=20)) as opened:
        yield opened


@pytest.fixture
async def hasty_town(tmp_path: Path) -> AsyncIterator[Town]:
    """Identity and learning alone; nobody is waited for."""
    async with open_town(tmp_path, *_BUILDS[:2], patience=timedelta(0)) as opened:
        yield opened


def course_of(tutor_id: str) -> CreateCourse:
    return CreateCourse("Bends", "x", "Seamanship", Difficulty.BEGINNER, 0, "EUR", tutor_id)


def class_of(course_id: str, instructor_id: str) -> CreateClass:
    days = (Weekday.MONDAY,)
    return CreateClass(
        ClassType.PRIVATE, "One", course_id, 3, PRICE, days, time(18), instructor_id=instructor_id
    )


async def test_who_is_nobody_is_refused(town: Town) -> None:
    course_id = await town.course()
    tutor = await town.newcomer(1, UserRole.TUTOR)
    student = "STUDENT_NOT_FOUND", "studentId"
    cash = RecordManualPayment(NOBODY, PRICE, PaymentMethod.CASH, course_id=course_id)
    to_nobody = CreatePayment(PRICE, course_id=course_id, student_id=tutor.id, tutor_id=NOBODY)
    async with town.at_work():
        class_id = done(await town.by(STAFF, "classes", class_of(course_id, tutor.id)))
        cases: tuple[tuple[str, Command[Any], tuple[str, str]], ...] = (
            ("learning", course_of(NOBODY), ("TUTOR_NOT_FOUND", "tutorId")),
            ("learning", EnrollStudent(course_id, NOBODY), student),
            ("classes", class_of(course_id, NOBODY), ("INSTRUCTOR_NOT_FOUND", "instructorId")),
            ("classes", JoinClass(str(class_id), NOBODY, PRICE), student),
            ("gamification", UnlockBadge(NOBODY, BadgeType.HONORARY), ("USER_NOT_FOUND", "userId")),
            ("payments", cash, student),
            ("payments", CreatePayment(PRICE, course_id=course_id, student_id=NOBODY), student),
            ("payments", to_nobody, ("TUTOR_NOT_FOUND", "tutorId")),
            ("payments", RegisterCard("tok_visa", student_id=NOBODY), student),
            ("payments", StartSubscription(Plan.MONTHLY, NOBODY), student),
        )
        for context, command, told in cases:
            assert refused(await town.by(STAFF, context, command)) == told, command


async def test_who_came_before_anybody_was_told_is_asked_about(town: Town) -> None:
    tutor, student = await town.newcomer(1, UserRole.TUTOR), await town.newcomer(2)
    course_id = await town.course()
    async with town.platform.database.transaction() as connection:
        for table in TABLES:
            await connection.execute(delete(table))
    async with town.at_work():
        class_id = done(await town.by(STAFF, "classes", class_of(course_id, tutor.id)))
        done(await town.by(STAFF, "classes", JoinClass(str(class_id), student.id, PRICE)))
        done(await town.by(STAFF, "gamification", UnlockBadge(student.id, BadgeType.HONORARY)))
        no_tutor = await town.by(STAFF, "learning", course_of(student.id))
        assert refused(no_tutor) == ("TUTOR_NOT_FOUND", "tutorId")
    assert await known(town, known_to_gamification, student.id) == Person(student.id, Role.STUDENT)


async def test_who_has_just_come_is_not_refused_while_messages_are_late(hasty_town: Town) -> None:
    course_id, student = await hasty_town.course(), await hasty_town.newcomer(1)
    enroll = EnrollStudent(course_id, student.id)
    async with hasty_town.platform.database.transaction() as connection:
        await connection.exec_driver_sql(
            "DELETE FROM kernel_delivery WHERE consumer = 'learning.known_people'"
        )
    told = await hasty_town.by(STAFF, "learning", enroll)
    assert refused(told) == ("PERSON_UNCONFIRMED", "studentId")
    await hasty_town.deliver()  # the answer comes when nobody waits for it any more
    assert refused(await hasty_town.by(STAFF, "learning", enroll))[0] == "COURSE_NOT_PUBLISHED"


async def test_people_are_what_identity_has_told_last(hasty_town: Town) -> None:
    student, town = await hasty_town.newcomer(1), hasty_town
    await town.deliver()
    assert refused(await town.by(STAFF, "learning", course_of(student.id)))[0] == "TUTOR_NOT_FOUND"
    done(await town.by(SYSTEM, "identity", ChangeUserRole(UserId(student.id), UserRole.TUTOR)))
    await town.deliver()
    done(await town.by(STAFF, "learning", course_of(student.id)))
    done(await town.by(SYSTEM, "identity", DeleteUser(UserId(student.id))))
    await town.deliver()
    assert refused(await town.by(STAFF, "learning", course_of(student.id)))[0] == "TUTOR_NOT_FOUND"
    enroll = EnrollStudent(await town.course(), student.id)
    assert refused(await town.by(STAFF, "learning", enroll))[0] == "STUDENT_NOT_FOUND"


async def test_a_late_answer_changes_nothing(hasty_town: Town) -> None:
    """It was given before what has been told meanwhile."""
    late, gone = Person(NOBODY, Role.STUDENT), Person(NOBODY, Role.STUDENT, is_gone=True)
    for told in (Person(NOBODY, Role.TUTOR), gone):
        async with hasty_town.platform.database.transaction() as connection:
            await note(connection, known_to_learning, told)
            await meet(connection, known_to_learning, late)
        assert await known(hasty_town, known_to_learning, NOBODY) == told


async def test_whom_other_contexts_name_is_not_asked_about(hasty_town: Town) -> None:
    course_id = await hasty_town.course()
    told = await hasty_town.by(SYSTEM, "learning", EnrollStudent(course_id, NOBODY))
    assert refused(told)[0] == "COURSE_NOT_PUBLISHED"


async def known(town: Town, table: Table, user_id: str) -> Person | None:
    async with town.platform.database.read() as connection:
        return await find_person(connection, table, user_id)
