"""Who joins: staff and tutors at the foundation of the academy, students when they begin to study."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from subgraphs.contracts.identity import Role
from subgraphs.identity.commands import CreateUser, CreateUserProfile
from subgraphs.identity.domain import Origin, PasswordHash, UserRole
from subgraphs.kernel.application.request import SYSTEM, Actor
from subgraphs.seed.content import Person
from subgraphs.seed.demo import DEMO_PASSWORD_HASH
from subgraphs.seed.plot import Plot, at_minute
from subgraphs.seed.run import Run

FOUNDED_DAYS_AGO: Final = 200


@dataclass(frozen=True, slots=True)
class Join:
    """Somebody gets an account."""

    at: datetime
    person: Person

    async def carry_out(self, run: Run) -> None:
        person = self.person
        first_name, _, last_name = person.name.partition(" ")
        command = CreateUser(
            email=person.email,
            password_hash=PasswordHash(DEMO_PASSWORD_HASH),
            first_name=first_name,
            last_name=last_name,
            role=UserRole(person.role),
            origin=Origin.IMPORTED,
        )
        user_id = await run.do("identity", command, SYSTEM)
        await run.do("identity", CreateUserProfile(user_id, bio=person.bio), SYSTEM)
        run.people[person.mailbox] = Actor(str(user_id), Role(person.role))


def founding(plot: Plot) -> Iterator[Join]:
    """One after the other, a day each."""
    for number, person in enumerate((*plot.academy.staff, *plot.academy.tutors)):
        yield Join(at_minute(plot.day(FOUNDED_DAYS_AGO - number), 9 * 60 + number), person)
