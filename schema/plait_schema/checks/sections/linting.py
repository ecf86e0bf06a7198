"""Conventions that the proposed schema breaks, and the published one did not."""

from collections.abc import Iterator

from plait_schema.checks.judging import counted, finding_of_diagnostic
from plait_schema.checks.lint import lint, with_severity
from plait_schema.checks.lint.pruning import (
    deprecated_fields,
    require_deprecation_before_deletion,
    unused_fields,
)
from plait_schema.checks.report import Section
from plait_schema.checks.sections.changing import locator
from plait_schema.checks.situation import Situation
from plait_schema.diagnostics import Diagnostic


def linting(situation: Situation) -> Section:
    """Lint of the one schema, and what usage and the changes say about it."""
    request = situation.request
    if request.proposed is None:
        return Section("lint", "The subgraph is to be deleted.", skipped=True)
    settings = request.settings.lint
    old = lint(request.old, settings) if request.old is not None else ()
    known = {(each.code, each.coordinate) for each in old}
    found = lint(request.proposed, settings)
    new = [each for each in found if (each.code, each.coordinate) not in known]
    pruning = (with_severity(each, settings) for each in _pruning(situation))
    locate = locator(situation)
    findings = tuple(finding_of_diagnostic(each, locate) for each in (*new, *pruning) if each is not None)
    had = len(found) - len(new)
    note = f"{counted(len(new), 'new finding')}" + (f", {had} as before." if had else ".")
    return Section("lint", note, findings)


def _pruning(situation: Situation) -> Iterator[Diagnostic]:
    if situation.before is not None:
        yield from require_deprecation_before_deletion(situation.changes, situation.before)
    if situation.after is not None and situation.traffic is not None and situation.places is not None:
        declared = frozenset(situation.places.declared)
        yield from unused_fields(situation.after, declared, situation.traffic)
        yield from deprecated_fields(situation.after, declared, situation.traffic)
