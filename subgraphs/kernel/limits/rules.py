"""The limits, in one table. How many is for each installation to say (settings.py)."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Final


class WithoutCount(Enum):
    """What holds while Redis cannot count."""

    ALLOW = auto()
    COUNT_HERE = auto()
    """Each process for itself: for what must not be tried without end."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many in any window of length `per`."""

    name: str
    amount: int
    per: timedelta
    without_count: WithoutCount = WithoutCount.ALLOW


REQUESTS: Final = Limit("requests", 100, timedelta(minutes=1))
"""What a user wants done, whatever it is and in whichever context."""

SIGN_INS: Final = Limit("sign_ins", 100, timedelta(hours=1), WithoutCount.COUNT_HERE)
"""What anybody tries in the name of one email address, by what is tried."""
