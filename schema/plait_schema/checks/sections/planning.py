"""Operations that cost more fetches, or wait for more of them, than before, or cannot be planned any more."""

from collections.abc import Iterable, Iterator

from plait_schema.checks.changes import fingerprint
from plait_schema.checks.judging import affected, counted
from plait_schema.checks.operations import RecordedOperation
from plait_schema.checks.plans import NoPlan, Planner, PlanShape
from plait_schema.checks.replanning import may_change_plans
from plait_schema.checks.report import Finding, Plans, Section
from plait_schema.checks.sections.changing import missing_side
from plait_schema.checks.situation import Situation
from plait_schema.diagnostics import PLAN_GAINED_FETCH, PLAN_GAINED_HOP, PLAN_IMPOSSIBLE, Code


def planning(situation: Situation) -> Section:
    """Plans of recorded operations before and after, where these are valid on both sides."""
    request = situation.request
    if request.operations is None:
        return Section("plans", "No operations are known.", skipped=True)
    if (reason := missing_side(situation)) is not None:
        return Section("plans", reason, skipped=True)
    if request.make_planner is None:
        return Section("plans", request.no_planner, skipped=True)
    operations = situation.valid_operations
    others = _may_plan_otherwise(situation, operations)
    findings = tuple(_findings(situation, others))
    note = f"{counted(len(operations), 'operation')}, {len(others):,} planned anew."
    return Section("plans", note, findings)


def _may_plan_otherwise(
    situation: Situation, operations: Iterable[RecordedOperation]
) -> list[RecordedOperation]:
    before, after = situation.before, situation.after
    if before is None or after is None or before.supergraph is None or after.supergraph is None:
        return []
    if situation.traffic is None:
        return []
    names = may_change_plans(before.supergraph, after.supergraph)
    touched = {operation.id for operation in situation.traffic.touched(names)}
    return [operation for operation in operations if operation.id in touched]


def _findings(situation: Situation, operations: list[RecordedOperation]) -> Iterator[Finding]:
    before, after = situation.planner_before, situation.planner_after
    if before is None or after is None:
        return
    for number, operation in enumerate(operations, start=1):
        situation.request.on_step("Planning operations", number, len(operations))
        finding = _compared(operation, before, after)
        if finding is not None:
            yield finding


def _compared(operation: RecordedOperation, before: Planner, after: Planner) -> Finding | None:
    if operation.document is None:
        return None
    planned = after.plan(operation.document)
    if isinstance(planned, PlanShape) and planned.fetches <= 1:
        return None  # no plan has fewer: what it was need not be known
    match before.plan(operation.document), planned:
        case PlanShape() as old, PlanShape() as new:
            if new.hops > old.hops:
                code = PLAN_GAINED_HOP
                gained = f"{operation.title} waits for {new.hops} fetches in a row, and did for {old.hops}."
            elif new.fetches > old.fetches:
                code = PLAN_GAINED_FETCH
                gained = f"{operation.title} takes {new.fetches} fetches, and took {old.fetches}."
            else:
                return None
            plans = Plans(old.text(), new.text())
            return _finding(code, operation, gained, plans, size=f"{new.hops} {new.fetches}")
        case PlanShape() as old, NoPlan(reason):
            lost = f"{operation.title} has no query plan any more: {reason}"
            return _finding(PLAN_IMPOSSIBLE, operation, lost, Plans(old.text(), "(none)"), size="none")
    return None


def _finding(code: Code, operation: RecordedOperation, message: str, plans: Plans, *, size: str) -> Finding:
    return Finding(
        code.name,
        code.severity,
        message,
        fingerprint(code.name, operation.id, size),
        locations=(operation.location,),
        affected=affected((operation,)) if operation.uses else (),
        plans=plans,
    )
