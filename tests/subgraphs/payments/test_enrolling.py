"""Learning and payments side by side: a course is paid for once, and what buys nothing goes back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from subgraphs.contracts import CONTRACTS
from subgraphs.kernel.application.request import SYSTEM, RequestContext
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.platform import running
from subgraphs.learning import app as learning_app
from subgraphs.learning.commands.authoring import CreateCourse, PublishCourse
from subgraphs.learning.commands.enrolling import CreateEnrollment
from subgraphs.learning.commands.filling import AddExercise, AddLesson, AddSection
from subgraphs.learning.commands.requesting import RequestCourseEnrollment
from subgraphs.learning.domain.values import Difficulty, ExerciseType
from subgraphs.payments import app as payments_app
from subgraphs.payments.commands.cards import RegisterCard
from subgraphs.payments.provider.configured import Configured
from subgraphs.payments.provider.fake import FakeGateway
from tests.subgraphs.payments.bursary import STUDENT, TUTOR, payment_id
from tests.subgraphs.people import client, done


@dataclass
class Town:
    platform: Platform
    clock: FakeClock
    learning: BoundedContext
    payments: BoundedContext
    gateway: FakeGateway

    async def course(self) -> str:
        """A course for 19 euros."""
        execute, by = self.learning.commands.execute, RequestContext(TUTOR, "by hand")
        create = CreateCourse("Knots", "Ropes", "Seamanship", Difficulty.BEGINNER, 1900, "EUR")
        course_id = str(done(await execute(create, by)))
        section = str(done(await execute(AddSection(course_id, "Basics"), by)))
        lesson = str(done(await execute(AddLesson(section, "Bowline", "Up."), by)))
        done(await execute(AddExercise(lesson, ExerciseType.READING, "Read", "Read it."), by))
        done(await execute(PublishCourse(course_id), by))
        return course_id

    async def wish(self, course_id: str) -> str:
        """The student asks for a course; the id of the request, which is that of its payment."""
        request = RequestContext(STUDENT, "by hand")
        return str(done(await self.learning.commands.execute(RequestCourseEnrollment(course_id), request)))

    async def deliver(self) -> None:
        """Let everything take effect that takes no more than a few minutes."""
        for _ in range(4):
            await Worker(self.platform.transactions).drain()
            self.clock.advance(timedelta(minutes=1))

    async def status(self, wish: str) -> tuple[str, str | None]:
        """What has become of a request, and why."""
        query = "query ($id: ID!) { enrollmentRequest(id: $id) { status reason } }"
        found = await client(self.platform, self.learning, STUDENT).data(query, id=wish)
        return found["enrollmentRequest"]["status"], found["enrollmentRequest"]["reason"]

    def moved(self) -> list[int]:
        return [entry.amount_minor for entry in self.gateway.ledger()]


@asynccontextmanager
async def open_town(folder: Path) -> AsyncIterator[Town]:
    clock, gateway = FakeClock(), FakeGateway(folder / "bank.db", slow_seconds=0)

    def build_payments(platform: Platform) -> BoundedContext:
        return payments_app.build(platform, Configured(gateway))

    opened = running(folder, learning_app.build, build_payments, clock=clock, contracts=CONTRACTS)
    async with opened as (platform, contexts):
        learning, payments = contexts
        yield Town(platform, clock, learning, payments, gateway)


async def test_a_course_is_paid_once_and_taken(tmp_path: Path) -> None:
    """Defect 15: the event of the payment and the saga both enrol, and do it once."""
    async with open_town(tmp_path) as town:
        wish = await town.wish(await town.course())
        await town.deliver()
        assert (await town.status(wish))[0] == "COMPLETED"
        assert town.moved() == [1900]


async def test_without_money_there_is_no_course(tmp_path: Path) -> None:
    async with open_town(tmp_path) as town:
        card = RegisterCard("tok_no_money")
        done(await town.payments.commands.execute(card, RequestContext(STUDENT, "by hand")))
        wish = await town.wish(await town.course())
        await town.deliver()
        assert await town.status(wish) == ("FAILED", "INSUFFICIENT_FUNDS")
        assert town.moved() == []


async def test_what_was_paid_for_nothing_is_paid_back(tmp_path: Path) -> None:
    """Defect 14: the enrolment fails after the payment, and the money goes back."""
    async with open_town(tmp_path) as town:
        course_id = await town.course()
        wish = await town.wish(course_id)
        meanwhile = CreateEnrollment(course_id, STUDENT.id, payment_id(1))
        done(await town.learning.commands.execute(meanwhile, RequestContext(SYSTEM, "by hand")))
        await town.deliver()
        assert (await town.status(wish))[0] == "FAILED"
        assert town.moved() == [1900, -1900]
