"""Calls that may block for long, beside the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

_Result = TypeVar("_Result")


async def in_background(blocking: Callable[[], _Result]) -> _Result:
    """The result of a call that may block for long, in a thread that nobody waits for at the end."""
    outcome: Future[_Result] = Future()
    outcome.set_running_or_notify_cancel()  # from here on, giving up is no business of the thread

    def run() -> None:
        try:
            outcome.set_result(blocking())
        except Exception as error:  # noqa: BLE001 # handed to who awaits it
            outcome.set_exception(error)

    Thread(target=run, daemon=True).start()
    return await asyncio.wrap_future(outcome)
