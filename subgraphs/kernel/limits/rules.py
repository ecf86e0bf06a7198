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

QUERIES: Final = Limit("queries", 1_000, timedelta(minutes=1))
"""In how many requests a user asks something of subgraphs; a gateway makes several of one of a client's."""

ENDPOINTS: Final = Limit("endpoints", 100, timedelta(hours=1))
"""What a user wants done or known, by what it is. In force where an installation says how many."""

ADDRESSES: Final = Limit("addresses", 300, timedelta(minutes=1))
"""What nobody in particular wants, by the address that it comes from."""

SIGN_INS: Final = Limit("sign_ins", 100, timedelta(hours=1), WithoutCount.COUNT_HERE)
"""What anybody tries in the name of one email address, by what is tried."""

MAILS: Final = Limit("mails", 5, timedelta(hours=1), WithoutCount.COUNT_HERE)
"""What anybody has sent to one person, by what is sent."""
