"""An explanation for the terminal."""

from collections.abc import Iterator

from plait_gateway.planner.cost import Cost
from plait_gateway.planner.explaining.explanation import Explanation, Stage
from plait_gateway.planner.explaining.reasons import Reason
from plait_gateway.planner.watching import Candidate, Decision
from plait_gateway.query_plan.text import format_plan


def explanation_text(explanation: Explanation) -> str:
    """The search, the plan after each step that changed it, and what each fetch is for."""
    return "\n".join(_lines(explanation)) + "\n"


def _lines(explanation: Explanation) -> Iterator[str]:
    if explanation.labels:
        yield f"Labels of @override that are on: {', '.join(explanation.labels)}"
        yield ""
    yield f"Search: {explanation.spent} of at most {explanation.limit} choices looked at"
    for decision in explanation.decisions:
        yield from _decision(decision)
    before: Stage | None = None
    for stage in explanation.stages:
        yield ""
        yield f"{stage.name}: {_step(before, stage)}"
        yield from (f"  {change}" for change in stage.changes)
        if before is None or stage.plan != before.plan:
            yield from format_plan(stage.plan).splitlines()
        before = stage
    yield ""
    yield "Fetches" if explanation.fetches else "No subgraph is asked"
    for reason in explanation.fetches:
        yield from _reason(reason)


def _decision(decision: Decision) -> Iterator[str]:
    chosen, *others = decision.candidates
    unseen = decision.ways - len(decision.candidates)
    yield f"  {decision.coordinate} in {_candidate(chosen)}"
    relation = "together with" if decision.together else "rather than in"
    yield from (f"    {relation} {_candidate(other)}" for other in others)
    if unseen:
        yield f"    {unseen} more could be no cheaper"


def _candidate(candidate: Candidate) -> str:
    key = f", by the key {candidate.key}" if candidate.key else ""
    return f"{candidate.subgraph}{key}: {_cost(candidate.cost)}{_lacking(candidate.missing)}"


def _step(before: Stage | None, stage: Stage) -> str:
    if before is None:
        return _cost(stage.cost)
    if not stage.changes:
        return "nothing to do"
    if stage.cost == before.cost:
        return f"{_cost(stage.cost)}, as before"
    return f"{_cost(before.cost)} became {_cost(stage.cost)}"


def _reason(reason: Reason) -> Iterator[str]:
    place = f" at {reason.path}" if reason.path else ""
    waits = f", after {', '.join(map(str, reason.after))}" if reason.after else ""
    batch = (
        f", in one request with {', '.join(map(str, reason.in_batch_with))}" if reason.in_batch_with else ""
    )
    yield f"  {reason.number}: {reason.subgraph}{place}{waits}{batch}"
    for jump in reason.jumps:
        requires = f", sending {jump.requires}, too" if jump.requires else ""
        yield f"    enters {jump.type} by its key {jump.key or '__typename'}{requires}"
    for field in reason.fields:
        others = [name for name in field.subgraphs if name != reason.subgraph]
        where = f"also in {', '.join(others)}" if others else "nowhere else"
        yield f"    brings {field.coordinate} ({where})"


def _cost(cost: Cost) -> str:
    return f"{_many(cost.hops, 'hop')}, {_many(cost.fetches, 'fetch')}, {_many(cost.fields, 'field')}"


def _many(number: int, what: str) -> str:
    plural = f"{what}es" if what.endswith("ch") else f"{what}s"
    return f"{number} {what if number == 1 else plural}"


def _lacking(missing: int) -> str:
    return f", {_many(missing, 'field')} left for another" if missing else ""
