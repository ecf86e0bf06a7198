"""What other processes publish to a shared database: looked for once a second, for all who wait together."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from plait_schema.registry.model import VariantId
from plait_schema.registry.news import News
from plait_schema.registry.store import VersionStore

_LOOK_EVERY: Final = 1.0  # seconds

_log = logging.getLogger("plait.registry")


class Lookout:
    """Tells the news of a variant when it serves another version than somebody has who waits."""

    def __init__(self, store: VersionStore, news: News) -> None:
        self._store = store
        self._news = news
        self._waiting: Counter[tuple[VariantId, int]] = Counter()
        self._looking: asyncio.Task[None] | None = None

    @contextmanager
    def kept(self, variant_id: VariantId, version: int) -> Iterator[None]:
        """Look out for the block, in which somebody who has this version waits for another."""
        self._waiting[variant_id, version] += 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            self._waiting[variant_id, version] -= 1
            self._waiting += Counter()  # without those whom nobody waits for

    def end(self) -> None:
        if self._looking is not None:
            self._looking.cancel()

    async def _look(self) -> None:
        while self._waiting:
            await asyncio.sleep(_LOOK_EVERY)
            try:
                serving = await self._store.serving(variant_id for variant_id, _ in self._waiting)
            except (SQLAlchemyError, OSError) as error:
                reason = getattr(error, "orig", None) or error
                _log.warning("nobody hears of what others publish: %s", reason)
                continue
            for variant_id, version in tuple(self._waiting):
                if serving.get(variant_id) != version:
                    self._news.tell(variant_id)
