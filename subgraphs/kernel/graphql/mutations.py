"""From a mutation's command to its payload."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.domain import DomainError, Failure, Identifier, Result, Success
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.errors import UserError

I = TypeVar("I", bound=Identifier)  # noqa: E741
E = TypeVar("E")


async def carry_out(
    info: Info,
    command: Command[I],
    load: Callable[[GraphQLContext, list[str]], Awaitable[list[E | None]]],
) -> tuple[E | None, list[UserError]]:
    """Run a command. Returns what it made or changed as it is now, or why nothing was changed."""
    match await info.context.execute(command):
        case Success(value=changed):
            [entity] = await load(info.context, [str(changed)])
            return entity, []
        case Failure(error=error):
            return None, [UserError.of(error)]


async def carry_out_sensible(
    info: Info,
    command: Result[Command[I], DomainError],
    load: Callable[[GraphQLContext, list[str]], Awaitable[list[E | None]]],
) -> tuple[E | None, list[UserError]]:
    """Run a command, unless its input makes no sense."""
    match command:
        case Success(value=sensible):
            return await carry_out(info, sensible, load)
        case Failure(error=error):
            return None, [UserError.of(error)]
