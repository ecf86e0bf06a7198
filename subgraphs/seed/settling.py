"""People say where they live, soon after they have come: their days are those of the clocks there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from subgraphs.identity.commands import UpdateUserSettings
from subgraphs.seed.content import Person
from subgraphs.seed.people import Join
from subgraphs.seed.plot import Plot
from subgraphs.seed.run import Run

_SAYS: Final = 0.4
_ZONES: Final = (
    *("Europe/Berlin", "Europe/Lisbon", "America/New_York", "America/Sao_Paulo", "Africa/Nairobi"),
    *("Asia/Dhaka", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland"),
)


@dataclass(frozen=True, slots=True)
class Settle:
    """Somebody says where they live."""

    at: datetime
    person: Person
    time_zone: str

    async def carry_out(self, run: Run) -> None:
        await run.do("identity", UpdateUserSettings(self.time_zone), run.people[self.person.mailbox])


def settling(plot: Plot) -> Iterator[Settle]:
    """Tutors live where they teach; many of the others say it, too."""
    for join in plot.steps(Join):
        offer, zone = plot.academy.offers.get(join.person.mailbox), plot.random.choice(_ZONES)
        if offer is not None or plot.random.random() < _SAYS:
            at = join.at + timedelta(minutes=plot.random.randint(2, 9))
            yield Settle(at, join.person, zone if offer is None else offer.time_zone)
