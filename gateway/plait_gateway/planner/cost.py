"""What a plan costs, and how much may be spent on finding it."""

from dataclasses import dataclass

MAXIMUM_STATES = 100_000
MAXIMUM_ATTEMPTS = 8  # of placing the fields of one position
MAXIMUM_LOOKS = 5  # at ways to one field that leave nothing missing, those first that promise most
LONG_CHAIN = 20  # fetches one after another, from where on they are planned without recursion


@dataclass(frozen=True, slots=True, order=True)
class Cost:
    """Compared in this order: time first, then load, then size."""

    hops: int = 0  # fetches that wait for one another
    fetches: int = 0
    fields: int = 0


FREE = Cost()


class Budget:
    """Counts the choices looked at. Once it is spent, the nearest way that there is is good enough."""

    def __init__(self, limit: int = MAXIMUM_STATES) -> None:
        self.limit = limit
        self.spent = 0

    @property
    def is_spent(self) -> bool:
        """Whether there were more choices than could be looked at."""
        return self.spent > self.limit

    @property
    def notice(self) -> str | None:
        """What there is to say about a plan that was found with it."""
        if not self.is_spent:
            return None
        return (
            f"There was more to choose than {self.limit} looks at ways between subgraphs allow: "
            "the plan is complete, but there may be a cheaper one."
        )

    def spend(self) -> None:
        """One more choice."""
        self.spent += 1
