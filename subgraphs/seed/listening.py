"""Who is told things reads them: many inboxes are read up to a week ago."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from subgraphs.notification.commands import MarkAllNotificationsRead
from subgraphs.seed.content import Person
from subgraphs.seed.people import Join
from subgraphs.seed.plot import Plot, at_minute
from subgraphs.seed.run import Run

_READS: Final = 0.6


@dataclass(frozen=True, slots=True)
class ReadInbox:
    """Somebody reads all that they were told."""

    at: datetime
    person: Person

    async def carry_out(self, run: Run) -> None:
        await run.do("notification", MarkAllNotificationsRead(), run.people[self.person.mailbox])


def listening(plot: Plot) -> Iterator[ReadInbox]:
    """Most of those who have been here for longer than a week."""
    for join in plot.steps(Join):
        at = at_minute(plot.day(plot.random.randint(6, 8)), plot.random.randint(7 * 60, 22 * 60))
        if join.at + timedelta(days=1) < at and plot.random.random() < _READS:
            yield ReadInbox(at, join.person)
