"""The seam to a gateway, which is not here: how operations would be fetched, and what they cost.

An installed package offers `MakePlanner` as an entry point of the group `plait.plans`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from graphql import DocumentNode

from plait_schema.supergraph import Supergraph

ENTRY_POINTS: Final = "plait.plans"


@dataclass(frozen=True, slots=True)
class PlanShape:
    """How many fetches a plan has, how many of them come one after the other at most, and how to print it."""

    fetches: int
    hops: int
    text: Callable[[], str] = field(compare=False)


@dataclass(frozen=True, slots=True)
class NoPlan:
    """Why there is no plan."""

    message: str


@dataclass(frozen=True, slots=True)
class Planner:
    """What a gateway makes of the one operation of a document that is valid against the API schema.

    `expected_cost` is told, too, how long a list is taken for that nothing is known of. Variables, and
    numbers that usage left out, count as if they were not given.
    """

    plan: Callable[[DocumentNode], PlanShape | NoPlan]
    expected_cost: Callable[[DocumentNode, int], float]


MakePlanner: TypeAlias = Callable[[Supergraph], Planner]
"""A planner over a supergraph, with all labels of `@override` off."""
