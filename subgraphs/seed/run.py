"""One run of the seeding: what a step needs to take effect, and what earlier steps have left for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol, TypeVar

from subgraphs.kernel.application.buses import CommandBus, QueryBus
from subgraphs.kernel.application.messages import Command, Query
from subgraphs.kernel.application.request import Actor, RequestContext
from subgraphs.kernel.domain import Failure, IdGenerator
from subgraphs.notification.senders.files import Outbox

R = TypeVar("R")

_CODE: Final = re.compile(r"enter this code: (\S+)\.")


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
    outbox: Outbox
    people: dict[str, Actor] = field(default_factory=dict)
    ids: dict[tuple[str | int, ...], str] = field(default_factory=dict)

    def code_mailed_to(self, address: str, *, by: datetime) -> str:
        """What was last sent to this address by then, to open or to prove something. SeedingError.

        A seeding that was interrupted may have left later mails.
        """
        for mail in self.outbox.read():
            is_meant = mail.at <= by and f"<{address}>" in mail.to
            if is_meant and (found := _CODE.search(mail.body("plain") or "")):
                return found[1]
        raise SeedingError(f"nothing was sent to {address}")

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
