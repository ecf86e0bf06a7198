"""The Redis of caches, limits and messages between databases, and how it suffers. Nothing is on its disk."""

from collections.abc import Callable, Mapping
from functools import partial
from random import Random
from types import MappingProxyType

from subgraphs.kernel.testing.redis import TemporaryRedis
from tests.subgraphs.chaos.databases import Injury, Recovery

_LONGEST_ABSENCE_SECONDS = 2.0


class LossyRedis:
    """A server that dies, forgets everything, or hangs; one thing at a time."""

    def __init__(self, server: TemporaryRedis) -> None:
        self._server = server
        self._is_well = True
        self.injuries: Mapping[str, Injury] = MappingProxyType(
            {
                "Redis killed": partial(self._away, server.kill, server.start),
                "Redis hangs": partial(self._away, server.pause, server.resume),
                "Redis flushed": self._flush,
            }
        )

    def _away(self, go: Callable[[], None], come_back: Callable[[], None], chance: Random) -> Recovery | None:
        if not self._is_well:
            return None
        self._is_well = False
        go()

        def recover() -> None:
            come_back()
            self._is_well = True

        return chance.uniform(0, _LONGEST_ABSENCE_SECONDS), recover

    def _flush(self, _: Random) -> None:
        if self._is_well:
            self._server.flush()
