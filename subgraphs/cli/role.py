"""`plait role`: somebody gets another role without anybody in the academy who could give it."""

import json
from pathlib import Path

import click
from sqlalchemy import insert

from subgraphs.cli.opening import data_dir_option, opened, operator, run
from subgraphs.cli.output import Format, format_option, or_refuse, tell
from subgraphs.identity.commands import ChangeUserRole
from subgraphs.identity.domain import USER_NOT_FOUND, UserId, UserRole
from subgraphs.identity.queries import UserByEmail
from subgraphs.kernel.domain import DomainError, Failure, Result
from subgraphs.kernel.store.tables import audit
from subgraphs.platform import EdTechPlatform

_IDENTITY = "identity"


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("email", metavar="EMAIL")
@click.argument("role", type=click.Choice([each.value for each in UserRole], case_sensitive=False))
@data_dir_option
@format_option
def role(email: str, role: str, data_dir: Path, format_: Format) -> None:
    """Give somebody another role: how a new academy gets its first super admin, who makes all others.

    They have signed up and shown that the address is theirs. Their next token says so, and those that they
    have are good no more.

    \b
    Example:
      plait role ada@academy.example super_admin

    \b
    Exit codes:
      0  done
      1  refused: nobody has this address, or they are not active, or have this role
      3  bad usage, or a database that cannot be used
    """

    async def grant() -> Result[UserId, DomainError]:
        async with opened(data_dir) as academy:
            return await _granted(academy, email, UserRole(role))

    user_id = or_refuse(run(grant()), format_)
    tell(f"{email} is {role} now.", {"user_id": str(user_id), "role": role}, format_)


async def _granted(academy: EdTechPlatform, email: str, role: UserRole) -> Result[UserId, DomainError]:
    """In one transaction with the record of who did it."""
    identity = next((one for one in academy.contexts if one.name == _IDENTITY), None)
    if identity is None:
        raise click.ClickException("users are elsewhere: PLAIT_CONTEXTS is without identity [BAD_SETTINGS]")
    request = operator(academy)
    user = await identity.queries.ask(UserByEmail(email), request)
    if user is None:
        return Failure(USER_NOT_FOUND)
    command = ChangeUserRole(UserId(user.id), role)
    async with academy.platform.transactions.begin(_IDENTITY, request) as work:
        changed = await identity.commands.execute_within(work, command, request)
        if isinstance(changed, Failure):
            await work.rollback()
            return changed
        await work.connection.execute(
            insert(audit).values(
                at=work.now,
                actor=request.actor_id,
                correlation_id=request.correlation_id,
                action="role.grant",
                subject=f"user {user.id}",
                detail=json.dumps({"role": role}),
            )
        )
    return changed
