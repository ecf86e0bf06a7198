"""What a plan costs, and how much may be spent on finding it."""

from dataclasses import dataclass

from plait_gateway.errors import OPERATION_TOO_LARGE
from plait_gateway.planner.errors import PlanningError

MAXIMUM_STATES = 100_000


@dataclass(frozen=True, slots=True, order=True)
class Cost:
    """Compared in this order: time first, then load, then size."""

    hops: int = 0  # fetches that wait for one another
    fetches: int = 0
    fields: int = 0


FREE = Cost()


class Budget:
    """Counts the choices looked at. No operation should come near the limit; a hostile one ends there."""

    def __init__(self, limit: int = MAXIMUM_STATES) -> None:
        self.limit = limit
        self.spent = 0

    def spend(self) -> None:
        """One more choice; raises PlanningError(OPERATION_TOO_LARGE) when there were too many."""
        self.spent += 1
        if self.spent > self.limit:
            raise PlanningError(
                OPERATION_TOO_LARGE,
                f"Planning was given up after {self.limit} choices between subgraphs: "
                "ask for less, or in several operations.",
            )
