"""Notification with people to be told things, and an outbox of files to see what they were told."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from subgraphs.contracts import CONTRACTS
from subgraphs.contracts.identity import Role, UserCreated
from subgraphs.contracts.notification import SendNotification, Template
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import Actor, RequestContext
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.domain import DomainError, Result
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.integration import IntegrationEvent, ReplyTo
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.settings import Settings
from subgraphs.kernel.store.migrations import migrate
from subgraphs.kernel.testing.client import GraphQLClient
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.notification import app
from subgraphs.notification.senders.choosing import outbox_folder
from subgraphs.notification.senders.files import Outbox, Written
from tests.subgraphs.people import client, person

ADA, BOB = person(1, Role.STUDENT), person(2, Role.TUTOR)
STAFF = person(3, Role.STAFF)


@dataclass(frozen=True)
class PostOffice:
    platform: Platform
    clock: FakeClock
    notification: BoundedContext

    async def publish(self, event: IntegrationEvent, *, key: str = "key") -> None:
        """Another context tells something."""
        source = event.type.partition(".")[0]
        async with self.platform.transactions.begin(source, RequestContext(None, "by hand")) as work:
            work.publish(event, key=key)

    async def meet(self, *actors: Actor) -> None:
        """These people get an account."""
        for actor in actors:
            name = {ADA: "Ada", BOB: "Bob", STAFF: "Grace"}[actor]
            event = UserCreated(
                user_id=actor.id,
                email=f"{name.lower()}@example.org",
                first_name=name,
                last_name="Example",
                role=Role(actor.role),
                status="active",
                created_at=self.clock.now(),
            )
            await self.publish(event, key=actor.id)

    async def send(
        self,
        template: Template,
        to: Actor | str,
        values: Mapping[str, str] | None = None,
        *,
        message_id: str | None = None,
        reply_to: ReplyTo | None = None,
        mail_to: str | None = None,
    ) -> None:
        """Another context asks for something to be said."""
        asked = SendNotification(template, values=dict(values or {}), mail_to=mail_to)
        asked = replace(asked, email=to) if isinstance(to, str) else replace(asked, user_id=to.id)
        async with self.platform.transactions.begin("identity", RequestContext(None, "by hand")) as work:
            key = asked.user_id or "visitor"
            work.send(asked, to="notification.send", key=key, message_id=message_id, reply_to=reply_to)

    async def deliver(self) -> Backlog:
        """Let every message take effect that can; the rest."""
        return await Worker(self.platform.transactions).drain()

    async def by(self, actor: Actor, command: Command[object]) -> Result[object, DomainError]:
        return await self.notification.commands.execute(command, RequestContext(actor, "by hand"))

    def ask(self, actor: Actor | None) -> GraphQLClient:
        return client(self.platform, self.notification, actor)

    @property
    def outbox(self) -> list[Written]:
        """What was sent, the oldest first."""
        return Outbox(outbox_folder(self.platform.settings.data_dir)).read()[::-1]


@asynccontextmanager
async def open_post_office(
    folder: Path,
    *,
    database_url: str | None = None,
    smtp_url: str | None = None,
    fcm: tuple[Path, str] | None = None,
) -> AsyncIterator[PostOffice]:
    clock = FakeClock()
    settings = Settings(folder, database_url=database_url, smtp_url=smtp_url)
    if fcm is not None:
        settings = replace(settings, fcm_credentials=fcm[0], fcm_url=fcm[1])
    platform = Platform.open(settings, clock=clock, contracts=CONTRACTS)
    try:
        notification = app.build(platform)
        platform.add(notification)
        await migrate(platform.database, [notification])
        yield PostOffice(platform, clock, notification)
    finally:
        await platform.close()
