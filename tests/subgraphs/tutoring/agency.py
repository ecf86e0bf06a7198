"""Tutoring with people who become tutors, and those who look for them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from subgraphs.contracts import CONTRACTS
from subgraphs.contracts.identity import Role, UserCreated
from subgraphs.kernel.application.messages import Command, Query
from subgraphs.kernel.application.request import Actor, RequestContext
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.domain import Currency, DomainError, Money, Result
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.messaging.sequencer import Sequencer
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.projections import Projector
from subgraphs.kernel.settings import Settings
from subgraphs.kernel.store.migrations import migrate
from subgraphs.kernel.testing.client import GraphQLClient
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.notification import app as notification_app
from subgraphs.tutoring import app
from subgraphs.tutoring.commands import SetAvailability, UpdateTutorProfile
from subgraphs.tutoring.commands.profiles import Changes, SetTo, WindowInput
from subgraphs.tutoring.domain.availability import Weekday
from subgraphs.tutoring.domain.values import TutorId, UserId
from tests.subgraphs.people import client, done, person

TUTOR, OTHER, THIRD = (person(number, Role.TUTOR) for number in (1, 2, 3))
STUDENT, STAFF = person(4, Role.STUDENT), person(5, Role.STAFF)
EUR = Currency("EUR")
NOTHING = Backlog(0, 0, 0)


def tutor_id(actor: Actor) -> str:
    return str(TutorId.of(UserId(actor.id)))


@dataclass(frozen=True)
class Agency:
    platform: Platform
    clock: FakeClock
    tutoring: BoundedContext

    async def publish(self, event: IntegrationEvent, *, key: str) -> None:
        """Another context tells something."""
        source = event.type.partition(".")[0]
        async with self.platform.transactions.begin(source, RequestContext(None, "by hand")) as work:
            work.publish(event, key=key)

    async def join(self, *actors: Actor) -> None:
        """These people get an account, and what follows from that happens."""
        for actor in actors:
            email = f"user{actor.id[-1]}@example.org"
            event = UserCreated(
                actor.id, email, "Ada", "Example", Role(actor.role), "active", self.clock.now()
            )
            await self.publish(event, key=actor.id)
        await self.deliver()

    async def offer(
        self,
        actor: Actor,
        *subjects: str,
        headline: str = "",
        bio: str = "",
        languages: tuple[str, ...] = (),
        rate: int | None = None,
    ) -> None:
        """A tutor says what they offer; a rate in euro cents."""
        changes = Changes(
            SetTo(headline),
            SetTo(bio),
            SetTo(subjects),
            SetTo(languages),
            SetTo(None if rate is None else Money(rate, EUR)),
        )
        done(await self.by(actor, UpdateTutorProfile(changes)))

    async def has_time(self, actor: Actor, zone: str, *windows: tuple[Weekday, int, int]) -> None:
        """A tutor has time from hour to hour."""
        minutes = tuple(WindowInput(day, starts * 60, ends * 60) for day, starts, ends in windows)
        done(await self.by(actor, SetAvailability(zone, minutes)))

    async def by(self, actor: Actor | None, command: Command[TutorId]) -> Result[TutorId, DomainError]:
        return await self.tutoring.commands.execute(command, RequestContext(actor, "by hand"))

    async def deliver(self) -> Backlog:
        """Let every message and every event take effect; what is left of the messages."""
        left = await Worker(self.platform.transactions).drain()
        while await Sequencer(self.platform.transactions).step():
            pass
        await Projector(self.platform.transactions, self.tutoring.projections).drain()
        return left

    async def found(self, query: Query[object]) -> object:
        return await self.tutoring.queries.ask(query, RequestContext(None, "by hand"))

    def ask(self, actor: Actor | None = None) -> GraphQLClient:
        return client(self.platform, self.tutoring, actor)


@asynccontextmanager
async def open_agency(
    folder: Path, *, database_url: str | None = None, clock: FakeClock | None = None
) -> AsyncIterator[Agency]:
    """Tutoring, and notification to tell tutors things."""
    clock = clock or FakeClock()
    settings = Settings(folder, database_url=database_url)
    platform = Platform.open(settings, clock=clock, contracts=CONTRACTS)
    try:
        contexts = [app.build(platform), notification_app.build(platform)]
        platform.add(*contexts)
        await migrate(platform.database, contexts)
        yield Agency(platform, clock, contexts[0])
    finally:
        await platform.close()
