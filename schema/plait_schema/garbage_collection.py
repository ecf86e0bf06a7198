"""How programs live with Python's garbage collector: it looks for cycles, and syntax trees hold none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

#: Objects made before it looks at the young, and how often it does so before it looks at older ones. Requests
#: leave no cycles behind, programs of plans do: rarely, yet before many have been dropped.
_THRESHOLDS: Final = (100_000, 5, 5)


@contextmanager
def collection_paused() -> Iterator[None]:
    """For what makes millions of objects that live until it ends, as a composition does.

    The collector would look through all of them again and again, which is half of the time that a large
    graph takes. Memory is freed as soon as nothing refers to it; only cycles wait until the end.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def collect_rarely() -> None:
    """For a process that holds thousands of syntax trees, from now on."""
    gc.set_threshold(*_THRESHOLDS)


def settle() -> None:
    """For a process that serves a graph for a long time: take what lives now out of the collector's sight.

    To be called after start and after a swap; an earlier graph that nobody holds is freed first.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    collect_rarely()
