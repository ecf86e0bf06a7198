"""What all pages of a variant look at."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from plait_schema.registry.http.access import require
from plait_schema.registry.model import Variant, VariantId
from plait_schema.registry.opening import OpenRegistry
from plait_schema.registry.pages.field_uses import FieldUses
from plait_schema.registry.registry import Clock
from plait_schema.registry.tokens import Permission, Token
from plait_schema.registry.usage import OperationUsage, by_operation
from plait_schema.supergraph import Supergraph, read_supergraph

VARIANT: Final = "/graphs/{graph}/{variant}"
USAGE_DAYS: Final = 30


class Looking:
    """Into one registry. Methods raise RegistryError."""

    def __init__(self, held: OpenRegistry, clock: Clock) -> None:
        self.held = held
        self.clock = clock
        self._read = _remembering(read_supergraph)
        self._uses: tuple[Supergraph, FieldUses] | None = None

    async def opened(self, token: Token, graph: str, variant: str) -> dict[str, Any]:
        """What the templates of a variant's pages name."""
        registry = self.held.registry
        variant_id = VariantId(graph, variant)
        require(token, Permission.READ, variant_id)
        at = await registry.store.existing(variant_id)
        return {
            "visitor": token,
            "at": at,
            "id": variant_id,
            "head": await registry.store.version(variant_id, at.head) if at.head else None,
            "contract": await registry.contracts.of(variant_id),
            "now": self.clock(),
        }

    async def served(self, at: Variant) -> Supergraph | None:
        """The supergraph that the variant serves."""
        if at.serving is None:
            return None
        store = self.held.registry.store
        version = await store.version(at.variant_id, at.serving)
        return await asyncio.to_thread(self._read, await store.text(version.supergraph or ""))

    def uses(self, supergraph: Supergraph) -> FieldUses:
        """Which fields of it operations ask for; remembered while the same supergraph is looked at."""
        if self._uses is None or self._uses[0] is not supergraph:
            self._uses = supergraph, FieldUses(supergraph.api_schema)
        return self._uses[1]

    async def used(self, variant_id: VariantId) -> tuple[OperationUsage, ...]:
        """The operations that clients sent lately, those with most requests first."""
        since = self.clock() - timedelta(days=USAGE_DAYS)
        return await asyncio.to_thread(by_operation, await self.held.usage.since([variant_id], since))


def _remembering(read: Callable[[str], Supergraph]) -> Callable[[str], Supergraph]:
    """The last supergraph is read once, however often it is looked at."""
    last: dict[str, Supergraph] = {}

    def remembered(sdl: str) -> Supergraph:
        if sdl not in last:
            supergraph = read(sdl)
            last.clear()
            last[sdl] = supergraph
        return last[sdl]

    return remembered
