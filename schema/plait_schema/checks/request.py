"""What a check is given: everything as data."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from plait_schema.checks.approvals import Approvals
from plait_schema.checks.operations import RecordedOperation
from plait_schema.checks.plans import MakePlanner
from plait_schema.checks.settings import CheckSettings
from plait_schema.contract import Contract
from plait_schema.subgraph import SubgraphSource

OnStep: TypeAlias = Callable[[str, int, int], None]
"""Told what is done next, and which one it is of how many; of 0 where nobody counts."""


def _go_on(what: str, number: int, of: int) -> None:
    """Nobody watches this check, and nothing stops it."""


@dataclass(frozen=True)
class CheckRequest:
    """A proposal for a graph, and what it is held against.

    `published` are the subgraphs as they are, `supergraph_sdl` the supergraph that is served, composed from
    them where it is left out. `proposed` are subgraphs that are new or get another version, `deleted` the
    names of those that go. `operations` is None where nobody knows what clients send, which is another thing
    than no operations. `no_planner` says why there is no `make_planner`. `on_step` is called before each
    of many steps, and may raise.
    """

    subject: str
    proposed: tuple[SubgraphSource, ...]
    published: tuple[SubgraphSource, ...]
    now: datetime
    deleted: frozenset[str] = frozenset()
    supergraph_sdl: str | None = None
    contracts: tuple[Contract, ...] = ()
    operations: tuple[RecordedOperation, ...] | None = None
    approvals: Approvals = field(default_factory=dict)
    settings: CheckSettings = field(default_factory=CheckSettings)
    make_planner: MakePlanner | None = None
    no_planner: str = "There is no planner."
    on_step: OnStep = _go_on

    @property
    def sources(self) -> tuple[SubgraphSource, ...]:
        """The subgraphs as they would be."""
        replaced = self.deleted | {source.name for source in self.proposed}
        others = tuple(source for source in self.published if source.name not in replaced)
        return (*others, *self.proposed)

    def published_version(self, name: str) -> SubgraphSource | None:
        """The subgraph of this name as it is."""
        return next((source for source in self.published if source.name == name), None)
