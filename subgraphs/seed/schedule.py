"""Decides who does what when in the academy: a pure function of the day it is to end on.

It is told in stages, a file each; a stage sees what the stages before it have decided on. Everything happens
before the first minute of the last day is over, so that nothing lies in the future whenever on that day the
seeding runs.
"""

from collections.abc import Callable, Iterable
from datetime import date
from random import Random
from typing import Final, TypeAlias

from subgraphs.seed.arriving import arriving
from subgraphs.seed.assigning import assigning
from subgraphs.seed.content import Academy
from subgraphs.seed.courses import courses
from subgraphs.seed.enrolling import enrolling
from subgraphs.seed.listening import listening
from subgraphs.seed.meeting import meeting
from subgraphs.seed.paying import paying
from subgraphs.seed.people import founding
from subgraphs.seed.playing import playing
from subgraphs.seed.plot import Plot
from subgraphs.seed.run import Step
from subgraphs.seed.settling import settling
from subgraphs.seed.studying import students
from subgraphs.seed.tutoring import tutoring

Stage: TypeAlias = Callable[[Plot], Iterable[Step]]

STAGES: Final[tuple[Stage, ...]] = (
    *(founding, courses, students, enrolling, assigning),
    *(paying, meeting, tutoring, playing, listening),
    *(settling, arriving),
)

_SEED: Final = "the academy in the former post office"


def schedule(academy: Academy, today: date) -> tuple[Step, ...]:
    """All that ever happened in the academy up to the first minute of `today`, in order."""
    steps: tuple[Step, ...] = ()
    for stage in STAGES:
        # Chance of its own for each stage: a new one leaves the others as they are.
        random = Random(f"{_SEED}: {stage.__name__}")  # noqa: S311 -- the same every time is what it is for
        steps += tuple(stage(Plot(academy, today, random, steps)))
    return tuple(sorted(steps, key=lambda step: step.at))
