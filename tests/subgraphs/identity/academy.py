"""The identity context with nobody in it yet, and ways to let people in."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from subgraphs.identity.commands import CreateUser, RegisterUser
from subgraphs.identity.domain import PasswordHash, UserId, UserRole
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import Actor, RequestContext
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.store.tables import outbox
from subgraphs.kernel.testing.client import GraphQLClient

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Academy:
    platform: Platform
    identity: BoundedContext

    async def register(
        self, email: str = "ada@example.org", *, password: str = PASSWORD, first_name: str = "Ada"
    ) -> Result[UserId, DomainError]:
        command = RegisterUser(email, password, first_name, "Lovelace")
        return await self.identity.commands.execute(command, RequestContext(None, "registration"))

    async def create(self, email: str, role: UserRole) -> UserId:
        """Somebody who is active; their password is nobody's business."""
        command = CreateUser(email, PasswordHash("-"), "Grace", "Hopper", role)
        user_id: UserId = done(await self.by_system(command))
        return user_id

    async def by_system(self, command: Command[Any]) -> Result[Any, DomainError]:
        return await self.identity.commands.execute(command, RequestContext.of_system(self.platform.ids))

    async def by(self, user_id: UserId, role: str, command: Command[Any]) -> Result[Any, DomainError]:
        return await self.identity.commands.execute(
            command, RequestContext(Actor(str(user_id), role), "by hand")
        )

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


LOGIN = """
    mutation ($input: LoginInput!) {
      login(input: $input) { accessToken expiresAt user { id email } errors { code message field } }
    }
"""


def done(result: Result[Any, DomainError]) -> Any:
    assert isinstance(result, Success), result
    return result.value


def refused(result: Result[Any, DomainError]) -> str:
    """The code of the refusal."""
    assert isinstance(result, Failure), result
    return result.error.code
