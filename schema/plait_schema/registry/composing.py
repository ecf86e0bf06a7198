"""Composition for a server: off the event loop, one at a time, on top of what the last one found out."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from graphql import print_schema

from plait_schema.composition import Composition, compose
from plait_schema.contract import Contract
from plait_schema.registry.model import VariantId
from plait_schema.subgraph import SubgraphSource
from plait_schema.supergraph import read_supergraph

_REMEMBERED: Final = 8  # compositions: of a large graph one takes tens of megabytes


@dataclass(frozen=True, slots=True)
class Composed:
    """A composition, and what clients see of it where there is a supergraph; then the same of contracts."""

    composition: Composition
    api_schema: str | None
    contracts: tuple["Composed", ...] = ()


class Composer:
    """Composes in a thread, so that gateways that wait for news are answered meanwhile."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()
        self._last: OrderedDict[VariantId, Composition] = OrderedDict()

    async def compose(
        self, variant_id: VariantId, sources: Sequence[SubgraphSource], contracts: Sequence[Contract] = ()
    ) -> Composed:
        """With the contracts, in their order."""
        async with self._one_at_a_time:
            composed = await asyncio.to_thread(_compose, sources, contracts, self._last.get(variant_id))
            self._last[variant_id] = composed.composition
            self._last.move_to_end(variant_id)
            while len(self._last) > _REMEMBERED:
                self._last.popitem(last=False)
        return composed


def _compose(
    sources: Sequence[SubgraphSource], contracts: Sequence[Contract], previous: Composition | None
) -> Composed:
    composition = compose(sources, previous=previous)
    composed = Composed(composition, _api_schema(composition))
    of_contracts = [
        composition  # it is wrong without the contract, too
        if composition.supergraph_sdl is None
        else compose(sources, contract=contract, previous=composition)
        for contract in contracts
    ]
    return replace(composed, contracts=tuple(Composed(one, _api_schema(one)) for one in of_contracts))


def _api_schema(composition: Composition) -> str | None:
    if composition.supergraph_sdl is None:
        return None
    return print_schema(read_supergraph(composition.supergraph_sdl).api_schema) + "\n"
