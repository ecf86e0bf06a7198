"""The clients run on both event loops that the gateway may run on: they differ in more than speed."""

import asyncio
from collections.abc import Callable, Mapping

from plait_gateway.server.run import event_loop


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    fastest = event_loop()
    return {"asyncio": asyncio.new_event_loop} | ({} if fastest is None else {"fastest": fastest})
