"""Players take the rewards of the quests that they have fulfilled, at the end of a good session."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from subgraphs.gamification.commands import CompleteQuest
from subgraphs.gamification.queries.quests import DailyQuests
from subgraphs.kernel.application.request import RequestContext
from subgraphs.seed.content import Person
from subgraphs.seed.plot import Plot
from subgraphs.seed.run import Run
from subgraphs.seed.studying import Complete

_REMEMBERS: Final = 0.25


@dataclass(frozen=True, slots=True)
class TakeRewards:
    """A player takes what today's quests have brought them. What they have just done has taken effect."""

    at: datetime
    player: Person

    async def carry_out(self, run: Run) -> None:
        player = run.people[self.player.mailbox]
        request = RequestContext(player, str(run.new_ids.new()))
        for quest in await run.queries["gamification"].ask(DailyQuests(), request):
            if quest.progress >= quest.goal:
                await run.do("gamification", CompleteQuest(quest.id), player)


def playing(plot: Plot) -> Iterator[TakeRewards]:
    """After the last exercise of a day of two or more, when the player thinks of it."""
    sessions: dict[tuple[str, date], list[Complete]] = defaultdict(list)
    for step in sorted(plot.steps(Complete), key=lambda step: step.at):
        sessions[step.student.mailbox, step.at.date()].append(step)
    for session in sessions.values():
        last = session[-1]
        if len(session) > 1 and last.at.date() < plot.today and plot.random.random() < _REMEMBERS:
            yield TakeRewards(last.at + timedelta(seconds=30), last.student)
