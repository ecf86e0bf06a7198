"""The identity context with nobody in it yet, and ways to let people in."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sqlalchemy import select

from subgraphs.contracts import CONTRACTS
from subgraphs.contracts.notification import Channel, NotificationSent, SendNotification, Template
from subgraphs.identity import app
from subgraphs.identity.commands import CreateUser, Login, RegisterUser
from subgraphs.identity.domain import Origin, UserId, UserRole
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import Actor, RequestContext
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.domain import DomainError, RandomIds, Result
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.settings import Settings
from subgraphs.kernel.store.migrations import migrate
from subgraphs.kernel.store.tables import outbox
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.client import GraphQLClient
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.people import done

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Academy:
    platform: Platform
    identity: BoundedContext
    postman: "Postman"

    async def register(
        self, email: str = "ada@example.org", *, password: str = PASSWORD, first_name: str = "Ada"
    ) -> Result[UserId, DomainError]:
        command = RegisterUser(email, password, first_name, "Lovelace")
        return await self.identity.commands.execute(command, RequestContext(None, "registration"))

    async def create(self, email: str, role: UserRole) -> UserId:
        """Somebody who is active, without a password."""
        command = CreateUser(email, "Grace", "Hopper", role, origin=Origin.IMPORTED)
        user_id: UserId = done(await self.by_system(command))
        return user_id

    async def by_system(self, command: Command[Any]) -> Result[Any, DomainError]:
        return await self.identity.commands.execute(command, RequestContext.of_system(self.platform.ids))

    async def by(
        self, user_id: UserId, role: str, command: Command[Any], *, session_id: str | None = None
    ) -> Result[Any, DomainError]:
        actor = Actor(str(user_id), role, session_id=session_id)
        return await self.identity.commands.execute(command, RequestContext(actor, "by hand"))

    async def by_visitor(self, command: Command[Any]) -> Result[Any, DomainError]:
        request = RequestContext(None, "by hand", user_agent="Netscape/4.0")
        return await self.identity.commands.execute(command, request)

    async def login(
        self, email: str = "ada@example.org", password: str = PASSWORD
    ) -> Result[Any, DomainError]:
        return await self.by_visitor(Login(email, password))

    async def work(self) -> None:
        """Everything that is due takes effect."""
        left = await Worker(self.platform.transactions).drain()
        assert (left.dead, left.blocked) == (0, 0)

    async def published(self) -> list[tuple[str, dict[str, Any]]]:
        """The types and bodies of all messages, oldest first."""
        async with self.platform.database.read() as connection:
            rows = await connection.execute(select(outbox.c.type, outbox.c.data).order_by(outbox.c.pos))
            return [(row.type, json.loads(row.data)) for row in rows]

    def visitor(self) -> GraphQLClient:
        return GraphQLClient(self.identity.asgi)

    async def logged_in(self, email: str, *, password: str = PASSWORD) -> GraphQLClient:
        """Somebody who has logged in over GraphQL."""
        data = await self.visitor().data(LOGIN, input={"email": email, "password": password})
        assert data["login"]["errors"] == []
        return GraphQLClient(self.identity.asgi, token=data["login"]["accessToken"])


@dataclass
class Postman:
    """Notification's place: takes what is to be sent, keeps it, and says that it was sent."""

    bag: list[SendNotification] = field(default_factory=list)

    async def take(self, envelope: Envelope[SendNotification], work: UnitOfWork) -> None:
        message = envelope.body
        self.bag.append(message)
        sent = NotificationSent("n", message.user_id, message.template, Channel.EMAIL, work.now)
        work.reply(envelope, sent)

    @property
    def subscription(self) -> Subscription[SendNotification]:
        return Subscription("notification.send", SendNotification, self.take)

    @property
    def templates(self) -> list[str]:
        return [message.template.value for message in self.bag]

    def token(self, template: Template) -> str:
        """The one of the last mail of this template."""
        (*_, last) = (message for message in self.bag if message.template is template)
        assert last.values is not None
        return last.values["token"]


@asynccontextmanager
async def opened(settings: Settings, clock: FakeClock) -> AsyncIterator[Academy]:
    """The context as these settings have it."""
    ids = RandomIds(Random(1))
    platform = Platform.open(settings, clock=clock, ids=ids, contracts=CONTRACTS)
    try:
        identity, postman = app.build(platform), Postman()
        platform.add(identity)
        platform.subscriptions.add(postman.subscription)
        await migrate(platform.database, [identity])
        yield Academy(platform, identity, postman)
    finally:
        await platform.close()


LOGIN = """
    mutation ($input: LoginInput!) {
      login(input: $input) { accessToken refreshToken expiresAt user { id } errors { code message field } }
    }
"""
