"""How often a process looks for garbage: thousands of syntax trees are none, and take long to look at."""

import gc
from typing import Final

_YOUNG: Final = 100_000  # objects; a tree of an operation has some hundred
_MIDDLE: Final = 20
_OLD: Final = 50


def collect_rarely() -> None:
    """From now on. What is not in cycles is freed at once all the same."""
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
