"""A process whose event loop stands still is ended.

It handles nothing, answers nothing and gives nothing back, and neither does whoever takes over the message
that did this to it. Once it has ended, that message is a suspect, and a dead letter in the end, as with
others that take their process along.
"""

import asyncio
import faulthandler
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

_LOOKS: Final = 4
"""That the loop has in its time, to say that it turns."""


@asynccontextmanager
async def watched(patience: timedelta) -> AsyncIterator[None]:
    """End the process with code 1 when the event loop does not turn for so long, until the block ends.

    Where it stood is written to standard error. Whoever watches is no thread of Python's: one that is in a
    hopeless regular expression lets no other have its turn.
    """
    turning = asyncio.create_task(_keep_saying_so(patience.total_seconds()))
    try:
        yield
    finally:
        turning.cancel()
        faulthandler.cancel_dump_traceback_later()


async def _keep_saying_so(seconds: float) -> None:
    while True:
        faulthandler.dump_traceback_later(seconds, exit=True, file=sys.__stderr__ or sys.stderr)
        await asyncio.sleep(seconds / _LOOKS)
