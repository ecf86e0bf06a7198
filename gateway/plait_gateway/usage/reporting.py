"""Takes what was counted to a sink, in batches; what the sink does not take is kept and tried again."""

import asyncio
import logging
from collections import deque
from functools import partial
from typing import Final
from uuid import uuid4

from plait_gateway.background import in_background
from plait_gateway.usage.recorder import UsageRecorder
from plait_gateway.usage.sinks import Sink, SinkFailed
from plait_schema.usage import UsageRecord

_MOST_KEPT: Final = 60  # reports: ten minutes of a sink that is away
_LAST_SECONDS: Final = 5.0  # for what is left at the end

_log = logging.getLogger(__name__)


class UsageReporter:
    """Reports every `interval` seconds, and once more at the end."""

    def __init__(self, recorder: UsageRecorder, sink: Sink, *, interval: float) -> None:
        self.recorder = recorder
        self._sink = sink
        self._interval = interval
        self._kept: deque[tuple[str, tuple[UsageRecord, ...]]] = deque()
        self._is_refused = False

    async def run(self) -> None:
        """Until cancelled; then what is left is reported, if that is quick."""
        try:
            while True:
                await asyncio.sleep(self._interval)
                await self.report()
        finally:
            try:
                async with asyncio.timeout(_LAST_SECONDS):
                    await self.report()
            except TimeoutError:
                _log.warning("the last usage is lost: it took too long to report")

    async def report(self) -> None:
        """Take what was counted, and bring away what can be."""
        if records := self.recorder.take():
            self._kept.append((uuid4().hex, records))
        if len(self._kept) > _MOST_KEPT:
            self._kept.popleft()
            _log.warning("the oldest usage is lost: nobody takes it")
        while self._kept:
            report, records = self._kept[0]
            try:
                await in_background(partial(self._sink.write, records, report))
            except SinkFailed as error:
                self._tell(error)
                if not error.is_final:
                    return
            else:
                self._is_refused = False
            self._kept.popleft()

    def _tell(self, error: SinkFailed) -> None:
        if not self._is_refused:  # once, not every ten seconds
            _log.warning("usage is %s: %s", "refused" if error.is_final else "kept for now", error)
        self._is_refused = True
