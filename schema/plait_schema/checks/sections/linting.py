"""Conventions that the proposed schemas break, and the published ones did not."""

from collections.abc import Iterator

from plait_schema.checks.judging import counted, finding_of_diagnostic
from plait_schema.checks.lint import lint, with_severity
from plait_schema.checks.lint.pruning import (
    deprecated_fields,
    require_deprecation_before_deletion,
    unused_fields,
)
from plait_schema.checks.report import Section
from plait_schema.checks.situation import Situation
from plait_schema.diagnostics import Diagnostic


def linting(situation: Situation) -> Section:
    """Lint of the proposed schemas, and what usage and the changes say about them."""
    request = situation.request
    if not request.proposed:
        return Section("lint", "No schema is proposed.", skipped=True)
    settings = request.settings.lint
    new: list[Diagnostic] = []
    had = 0
    for source in request.proposed:
        old = request.published_version(source.name)
        known = {(each.code, each.coordinate) for each in lint(old, settings)} if old is not None else set()
        found = lint(source, settings)
        added = [each for each in found if (each.code, each.coordinate) not in known]
        had += len(found) - len(added)
        new += added
    pruning = (with_severity(each, settings) for each in _pruning(situation))
    new += [each for each in pruning if each is not None]
    findings = tuple(finding_of_diagnostic(each, situation.places.of) for each in new)
    note = f"{counted(len(new), 'new finding')}" + (f", {had} as before." if had else ".")
    return Section("lint", note, findings)


def _pruning(situation: Situation) -> Iterator[Diagnostic]:
    if situation.before is not None:
        yield from require_deprecation_before_deletion(situation.changes, situation.before)
    if situation.after is not None and situation.traffic is not None:
        declared = frozenset(situation.places.declared)
        yield from unused_fields(situation.after, declared, situation.traffic)
        yield from deprecated_fields(situation.after, declared, situation.traffic)
