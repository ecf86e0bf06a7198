"""Code of a context may fail; it does not end who has called it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class QuitError(Exception):
    """It would have ended its task or its process."""


@contextmanager
def outliving() -> Iterator[None]:
    """What leaves the block is an Exception, unless the task that runs it was cancelled.

    QuitError for a `sys.exit()`, and for the cancellation of something that it waited for, which nobody
    could tell from one of its own.
    """
    try:
        yield
    except SystemExit as error:
        raise QuitError(f"SystemExit: {error}") from error
    except asyncio.CancelledError as error:
        if is_cancelled():
            raise
        raise QuitError("it waited for something that was cancelled") from error


def is_cancelled() -> bool:
    """Whether somebody has cancelled the task that runs."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
