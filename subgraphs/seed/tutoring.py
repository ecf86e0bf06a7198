"""Tutors say what they offer and when, soon after they have come; the staff vouches for most."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from subgraphs.kernel.domain import Currency, Money
from subgraphs.seed.content import Offer, Person
from subgraphs.seed.people import Join
from subgraphs.seed.plot import Plot
from subgraphs.seed.run import Run
from subgraphs.tutoring.commands import SetAvailability, UpdateTutorProfile, VerifyTutor
from subgraphs.tutoring.commands.profiles import Changes, SetTo, WindowInput
from subgraphs.tutoring.domain.availability import Weekday
from subgraphs.tutoring.domain.values import TutorId, UserId

_EUR: Final = Currency("EUR")


@dataclass(frozen=True, slots=True)
class OfferLessons:
    """A tutor says what they offer, and when."""

    at: datetime
    tutor: Person
    offer: Offer

    async def carry_out(self, run: Run) -> None:
        tutor, offer = run.people[self.tutor.mailbox], self.offer
        changes = Changes(
            headline=SetTo(offer.headline),
            bio=SetTo(self.tutor.bio or ""),
            subjects=SetTo(offer.subjects),
            languages=SetTo(offer.languages),
            hourly_rate=SetTo(None if offer.rate is None else Money(offer.rate, _EUR)),
        )
        await run.do("tutoring", UpdateTutorProfile(changes), tutor)
        windows = tuple(WindowInput(Weekday(day), starts, ends) for day, starts, ends in offer.hours)
        await run.do("tutoring", SetAvailability(offer.time_zone, windows), tutor)


@dataclass(frozen=True, slots=True)
class Vouch:
    """A member of the staff vouches for a tutor."""

    at: datetime
    tutor: Person
    staff: Person

    async def carry_out(self, run: Run) -> None:
        tutor_id = TutorId.of(UserId(run.people[self.tutor.mailbox].id))
        await run.do("tutoring", VerifyTutor(str(tutor_id)), run.people[self.staff.mailbox])


def tutoring(plot: Plot) -> Iterator[OfferLessons | Vouch]:
    """Every tutor, the day after they have come; whom the academy vouches for, a week later."""
    for join in plot.steps(Join):
        offer = plot.academy.offers.get(join.person.mailbox)
        if offer is None:
            continue
        yield OfferLessons(join.at + timedelta(days=1), join.person, offer)
        if offer.is_verified:
            staff = plot.random.choice(plot.academy.staff)
            yield Vouch(join.at + timedelta(days=8), join.person, staff)
