"""What a pipeline keeps between requests, for each graph apart."""

from collections.abc import Callable, Mapping
from typing import TypeAlias
from weakref import WeakKeyDictionary, ref

from plait_gateway.authorization import Denied, Requirements
from plait_gateway.clients.send import Send
from plait_gateway.executor.program import Executable
from plait_gateway.pipeline.cache import Cache, CacheCounts
from plait_gateway.pipeline.document import ValidDocument
from plait_gateway.pipeline.expense import Budget
from plait_gateway.pipeline.request import Refused
from plait_gateway.supergraph import ServedGraph

#: The operation's normalized text, the labels of `@override` that are on, and what the client may not see.
PlanKey: TypeAlias = tuple[str, frozenset[str], Denied | None]


class Kept:
    """What one graph's requests have in common: the way to its subgraphs, its documents and plans."""

    def __init__(
        self,
        send: Send,
        requirements: Requirements,
        budget: Budget | None,
        capacity: int,
        counts: Mapping[str, CacheCounts],
    ) -> None:
        """`capacity` in bytes, for both caches together; what becomes of lookups goes to `counts`."""
        self.send = send
        self.requirements = requirements
        self.budget = budget
        self.documents: Cache[str, ValidDocument | Refused] = Cache(capacity // 4, counts["documents"])
        self.executables: Cache[PlanKey, Executable | Refused] = Cache(
            capacity * 3 // 4, counts["plans"], holds_cycles=True
        )

    def used(self, query: str, key: PlanKey) -> None:
        """Count that an operation was asked again."""
        self.documents.used(query)
        self.executables.used(key)


class KeptByGraph:
    """Keeps it as long as the graph lives; nearly all requests ask for the latest one."""

    def __init__(self, make: Callable[[ServedGraph], Kept]) -> None:
        self._make = make
        self._kept: WeakKeyDictionary[ServedGraph, Kept] = WeakKeyDictionary()
        self._latest: tuple[ref[ServedGraph], Kept] | None = None

    def of(self, graph: ServedGraph) -> Kept:
        """What is kept for a graph, which is the latest one from now on."""
        latest = self._latest
        if latest is not None and latest[0]() is graph:
            return latest[1]
        if (kept := self._kept.get(graph)) is None:
            kept = self._kept[graph] = self._make(graph)
        self._latest = ref(graph, self._forget), kept
        return kept

    @property
    def latest(self) -> Kept | None:
        """What is kept for the graph that was asked last; None when it is gone."""
        return None if self._latest is None else self._latest[1]

    def _forget(self, graph: "ref[ServedGraph]") -> None:
        if self._latest is not None and self._latest[0] is graph:
            self._latest = None
