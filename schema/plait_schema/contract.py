"""What a contract is: which part of the graph a group of clients gets to see."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contract:
    """A filter by `@tag`: without `include` everything is shown but what an excluded tag is on.

    https://www.apollographql.com/docs/graphos/platform/schema-management/delivery/contracts/overview
    """

    name: str
    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    hide_unreachable_types: bool = False
