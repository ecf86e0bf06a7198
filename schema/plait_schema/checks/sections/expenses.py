"""Recorded operations that gateways would refuse for what they are expected to cost."""

from collections.abc import Iterator
from typing import Final

from plait_schema.checks.changes import fingerprint
from plait_schema.checks.judging import affected, counted, tolerate
from plait_schema.checks.operations import RecordedOperation
from plait_schema.checks.operations.affected import requests_of
from plait_schema.checks.plans import Planner
from plait_schema.checks.report import Finding, Reason
from plait_schema.checks.situation import Situation
from plait_schema.diagnostics import OPERATION_TOO_EXPENSIVE

DEFAULT_LIST_SIZE: Final = 10
"""As gateways have it."""


def too_expensive(situation: Situation) -> Iterator[Finding]:
    """The operations that are valid before and after, and were allowed before; none where anything is."""
    maximum = situation.request.settings.costs.maximum
    before, after = situation.planner_before, situation.planner_after
    if maximum is None or before is None or after is None:
        return
    operations = situation.valid_operations
    for number, operation in enumerate(operations, start=1):
        situation.request.on_step("Adding up what operations cost", number, len(operations))
        will_cost = _cost(situation, operation, after)
        if will_cost > maximum >= (did_cost := _cost(situation, operation, before)):
            yield _finding(situation, operation, did_cost, will_cost, maximum)


def _cost(situation: Situation, operation: RecordedOperation, planner: Planner) -> float:
    list_size = situation.request.settings.costs.list_size
    assert operation.document is not None
    return planner.expected_cost(operation.document, DEFAULT_LIST_SIZE if list_size is None else list_size)


def _finding(
    situation: Situation, operation: RecordedOperation, did_cost: float, will_cost: float, maximum: int
) -> Finding:
    finding = Finding(
        OPERATION_TOO_EXPENSIVE.name,
        OPERATION_TOO_EXPENSIVE.severity,
        f"{operation.title} is expected to cost {will_cost:,.0f}, and did {did_cost:,.0f};"
        f" {maximum:,} are allowed.",
        fingerprint(OPERATION_TOO_EXPENSIVE.name, operation.id),
        locations=(operation.location,),
        affected=affected((operation,)) if operation.uses else (),
    )
    if situation.traffic is not None and not situation.traffic.matters((operation,)):
        requests = counted(requests_of(operation), "request")
        return tolerate(finding, Reason.USAGE, f"Safe based on usage: {requests}")
    return finding
