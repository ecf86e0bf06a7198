"""Waking those who wait for a variant to change."""

import asyncio

from plait_schema.registry.model import VariantId


class News:
    """Who waits is woken by `tell`; nobody is remembered between two waits."""

    def __init__(self) -> None:
        self._waiting: dict[VariantId, set[asyncio.Future[None]]] = {}

    def subscribe(self, variant_id: VariantId) -> asyncio.Future[None]:
        """Done when there is news of the variant. Cancel it when it is no longer wanted."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(variant_id, set()).add(future)
        future.add_done_callback(lambda done: self._forget(variant_id, done))
        return future

    def tell(self, variant_id: VariantId) -> None:
        for future in self._waiting.pop(variant_id, set()):
            if not future.done():
                future.set_result(None)

    def tell_all(self) -> None:
        for variant_id in tuple(self._waiting):
            self.tell(variant_id)

    def _forget(self, variant_id: VariantId, future: asyncio.Future[None]) -> None:
        if waiting := self._waiting.get(variant_id):
            waiting.discard(future)
            if not waiting:
                del self._waiting[variant_id]
