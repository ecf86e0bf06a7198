"""What a check is given: everything as data."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from plait_schema.checks.approvals import Approvals
from plait_schema.checks.operations import RecordedOperation
from plait_schema.checks.plans import MakePlanner
from plait_schema.checks.settings import CheckSettings
from plait_schema.contract import Contract
from plait_schema.subgraph import SubgraphSource


def _go_on() -> None:
    """Nothing stops this check."""


@dataclass(frozen=True)
class CheckRequest:
    """A proposal for one subgraph, and what it is held against.

    `proposed` is None where the subgraph is to be deleted. `published` are the subgraphs as they are, the old
    version of this one included; `supergraph_sdl` is the supergraph that is served, composed from them where
    it is left out. `operations` is None where nobody knows what clients send, which is another thing than no
    operations. `no_planner` says why there is no `make_planner`. `keep_going` is called between steps, and
    may raise.
    """

    subgraph: str
    proposed: SubgraphSource | None
    published: tuple[SubgraphSource, ...]
    now: datetime
    supergraph_sdl: str | None = None
    contracts: tuple[Contract, ...] = ()
    operations: tuple[RecordedOperation, ...] | None = None
    approvals: Approvals = field(default_factory=dict)
    settings: CheckSettings = field(default_factory=CheckSettings)
    make_planner: MakePlanner | None = None
    no_planner: str = "There is no planner."
    keep_going: Callable[[], None] = _go_on

    @property
    def sources(self) -> tuple[SubgraphSource, ...]:
        """The subgraphs as they would be."""
        others = tuple(source for source in self.published if source.name != self.subgraph)
        return others if self.proposed is None else (*others, self.proposed)

    @property
    def old(self) -> SubgraphSource | None:
        """The published version of the subgraph."""
        return next((source for source in self.published if source.name == self.subgraph), None)
