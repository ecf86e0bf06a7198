"""Golden cases of comparing: each kind of element, with all that can happen to it."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from plait_schema.checks.changes import Change, Criticality, diff
from plait_schema.diagnostics import Severity
from tests.schema.checks.changes.graphs import graph_in
from tests.schema.golden import Case, cases, check

CASES = cases(Path(__file__).parent / "cases")

SEVERITIES = dict(zip(Criticality, Severity, strict=True))


@pytest.mark.parametrize("case", CASES)
def test_changes(case: Case, update: bool) -> None:
    changes = diff(graph_in(case, "before"), graph_in(case, "after"))
    check(case, {"changes": changes_text(changes)}, update=update)
    assert len({change.fingerprint for change in changes}) == len(changes)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("side", ["before", "after"])
def test_a_graph_does_not_differ_from_itself(case: Case, side: str) -> None:
    assert diff(graph_in(case, side), graph_in(case, side)) == ()


def changes_text(changes: Iterable[Change]) -> str:
    """Changes as golden cases show them: how severe they are, and what operations mention that notice."""
    return "\n".join(_text(change) for change in changes)


def _text(change: Change) -> str:
    unreachable = " (no operation can mention it)" if change.unreachable else ""
    head = f"{SEVERITIES[change.criticality]} {change.code.name} {change.coordinate}{unreachable}"
    touches = f"\n  touches {', '.join(change.touches)}" if change.touches else ""
    return f"{head}\n  {change.message}{touches}"
