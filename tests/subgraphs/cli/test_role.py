"""Who has signed up is made the first of those who make others something."""

import asyncio
from typing import Final

import structlog
from sqlalchemy import select

from subgraphs.identity.commands import CreateUser
from subgraphs.identity.domain import Origin, UserRole
from subgraphs.identity.queries import UserByEmail
from subgraphs.kernel.application.request import SYSTEM, RequestContext
from subgraphs.kernel.domain import Success
from subgraphs.kernel.store.tables import audit
from subgraphs.platform import build
from tests.subgraphs.cli.operator import ONE_KIND, Operator

_ADA: Final = "ada@academy.example"
_REQUEST: Final = RequestContext(SYSTEM, "correlation")


@ONE_KIND
def test_somebody_gets_a_role_and_it_is_on_record_who_gave_it(operator: Operator) -> None:
    refused = operator.runs("role", _ADA, "super_admin", "--format", "json")
    assert (refused.exit_code, refused.json["error"]["code"]) == (1, "USER_NOT_FOUND")
    command = CreateUser(_ADA, "Ada", "Lovelace", UserRole.STUDENT, origin=Origin.IMPORTED)
    asyncio.run(_signs_up(operator, command))
    assert operator.runs("role", _ADA, "super_admin").out == f"{_ADA} is super_admin now.\n"
    assert asyncio.run(_role_and_records(operator)) == (UserRole.SUPER_ADMIN, ["role.grant"])
    again = operator.runs("role", _ADA, "super_admin", "--format", "json")
    assert (again.exit_code, again.json["error"]["code"]) == (1, "SAME_ROLE")
    assert operator.runs("role", _ADA, "emperor").exit_code == 3


async def _signs_up(operator: Operator, command: CreateUser) -> None:
    academy = build(operator.data_dir, lambda _: None)
    identity = next(one for one in academy.contexts if one.name == "identity")
    with structlog.testing.capture_logs():
        assert isinstance(await identity.commands.execute(command, _REQUEST), Success)
    await academy.platform.close()


async def _role_and_records(operator: Operator) -> tuple[UserRole, list[str]]:
    academy = build(operator.data_dir, lambda _: None)
    identity = next(one for one in academy.contexts if one.name == "identity")
    user = await identity.queries.ask(UserByEmail(_ADA), _REQUEST)
    assert user is not None
    async with academy.platform.database.read() as connection:
        records = list(await connection.scalars(select(audit.c.action)))
    await academy.platform.close()
    return user.role, records
