"""One run of the seeding: what a step needs to take effect, and what earlier steps have left for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from subgraphs.kernel.application.buses import CommandBus, QueryBus
from subgraphs.kernel.application.messages import Command, Query
from subgraphs.kernel.application.request import Actor, RequestContext
from subgraphs.kernel.domain import Failure, IdGenerator

R = TypeVar("R")


class SeedingError(Exception):
    """The schedule asks for something that the rules do not allow, or an event was not handled."""


@dataclass
class Run:
    """The contexts' commands and queries, and the ids that people and things have been given so far.

    `people` are known by their mailboxes. `ids` by a kind and a name that the step which makes a thing
    decides on: ("course", "Python"), ("exercise", "Python", 3).
    """

    commands: Mapping[str, CommandBus]
    queries: Mapping[str, QueryBus]
    new_ids: IdGenerator
    people: dict[str, Actor] = field(default_factory=dict)
    ids: dict[tuple[str | int, ...], str] = field(default_factory=dict)

    async def do(self, context: str, command: Command[R], actor: Actor) -> R:
        """Give a command to a context as this actor. SeedingError when it is refused."""
        request = RequestContext(actor, str(self.new_ids.new()))
        result = await self.commands[context].execute(command, request)
        if isinstance(result, Failure):
            raise SeedingError(f"{type(command).__name__}: {result.error.code}: {result.error.message}")
        return result.value

    async def ask(self, context: str, query: Query[R], actor: Actor) -> R:
        """Ask a context something as this actor."""
        return await self.queries[context].ask(query, RequestContext(actor, str(self.new_ids.new())))


class Step(Protocol):
    """Something that happened in the academy: frozen data, and how it takes effect."""

    @property
    def at(self) -> datetime:
        """When it happened."""

    async def carry_out(self, run: Run) -> None:
        """Do it, by commands only."""
