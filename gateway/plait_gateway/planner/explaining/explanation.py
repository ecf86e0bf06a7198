"""Planning an operation while noting what happens."""

from dataclasses import dataclass, field

from plait_gateway.planner import plan
from plait_gateway.planner.cost import Budget, Cost
from plait_gateway.planner.explaining.changes import changes
from plait_gateway.planner.explaining.reasons import Reason, reasons
from plait_gateway.planner.fetch_graph import Asks, FetchGraph, depths_of
from plait_gateway.planner.operation import Operation
from plait_gateway.planner.to_query_plan import to_query_plan
from plait_gateway.planner.watching import Decision
from plait_gateway.query_plan.nodes import QueryPlan
from plait_schema.query_graph import QueryGraph


@dataclass(frozen=True, slots=True)
class Stage:
    """The plan after a step: its cost, and what the step changed; nothing where it found nothing to do."""

    name: str
    changes: tuple[str, ...]
    cost: Cost
    plan: QueryPlan


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is known of a plan. `spent` choices of the budget's `limit` were looked at."""

    labels: tuple[str, ...]  # of `@override`, that are on
    decisions: tuple[Decision, ...]
    spent: int
    limit: int
    stages: tuple[Stage, ...]
    fetches: tuple[Reason, ...]

    @property
    def plan(self) -> QueryPlan:
        """The plan itself."""
        return self.stages[-1].plan


def explain(operation: Operation, graph: QueryGraph, *, budget: Budget | None = None) -> Explanation:
    """Plan as `plan` does, and tell why; raises PlanningError as it does."""
    budget = budget or Budget()
    notes = _Notes()
    plan(operation, graph, budget=budget, watcher=notes)
    return Explanation(
        tuple(sorted(graph.active_labels)),
        tuple(dict.fromkeys(notes.decisions)),
        budget.spent,
        budget.limit,
        tuple(notes.stages),
        reasons(notes.fetches[-1]),
    )


@dataclass(slots=True)
class _Notes:
    """A Watcher that remembers."""

    decisions: list[Decision] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    fetches: list[FetchGraph] = field(default_factory=list)

    def decided(self, decision: Decision) -> None:
        self.decisions.append(decision)

    def made(self, step: str, fetches: FetchGraph) -> None:
        changed = changes(self.fetches[-1], fetches) if self.fetches else ()
        self.stages.append(Stage(step, changed, _cost(fetches), to_query_plan(fetches)))
        self.fetches.append(fetches)


def _cost(graph: FetchGraph) -> Cost:
    hops = 0  # a mutation's steps run one after another
    for step in graph.steps:
        depths = depths_of(graph.fetches[number] for number in step)
        hops += max(depths.values(), default=0)
    fetches = graph.fetches.values()
    requests = len(fetches) - sum(len(batch) - 1 for batch in graph.batches)
    return Cost(hops, requests, sum(_fields(part.asks) for one in fetches for part in one.parts))


def _fields(asks: Asks) -> int:
    return sum(1 + (_fields(ask.below) if ask.below else 0) for ask in asks.fields)
