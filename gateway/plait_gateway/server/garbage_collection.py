"""Settings of Python's garbage collector for a process that serves one graph for a long time."""

import gc

#: Requests leave no cycles behind, programs do: look for them rarely, yet before many have been dropped.
_THRESHOLDS = (100_000, 5, 5)


def settle() -> None:
    """Take what lives now, the graph above all, out of the collector's sight.

    To be called after start and after a swap; an earlier graph that nobody holds is freed first.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
