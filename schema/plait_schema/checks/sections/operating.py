"""Whether recorded operations still validate, and cost no more than they may."""

from collections.abc import Iterator, Mapping, Sequence

from graphql import GraphQLError

from plait_schema.checks.changes import fingerprint
from plait_schema.checks.judging import affected, counted, tolerate
from plait_schema.checks.operations import RecordedOperation
from plait_schema.checks.report import Finding, Section
from plait_schema.checks.sections.changing import missing_side
from plait_schema.checks.sections.expenses import too_expensive
from plait_schema.checks.situation import Situation
from plait_schema.diagnostics import (
    OPERATION_ALREADY_INVALID,
    OPERATION_NO_LONGER_VALID,
    Code,
    Location,
    Severity,
)

_MOST_ERRORS = 3  # of one operation; more say nothing new


def operating(situation: Situation, changes: Section) -> Section:
    """Operations that do not validate against the new API schema, or that gateways would refuse.

    One that only tolerated changes break is tolerated as they are.
    """
    if situation.request.operations is None:
        return Section("operations", "No operations are known.", skipped=True)
    if (reason := missing_side(situation)) is not None:
        return Section("operations", reason, skipped=True)
    findings = (*_findings(situation, changes), *too_expensive(situation))
    return Section("operations", f"{counted(len(situation.operations), 'operation')}.", findings)


def _findings(situation: Situation, changes: Section) -> Iterator[Finding]:
    breaking = _breaking(situation, changes)
    for operation in situation.operations:
        if errors := situation.errors_after.get(operation.id):
            finding = _finding(OPERATION_NO_LONGER_VALID, operation, errors)
            reasons = [change.tolerated for change in breaking.get(operation.id, ())]
            tolerated = reasons[0] if reasons and all(reason is not None for reason in reasons) else None
            yield finding if tolerated is None else tolerate(finding, tolerated.reason, tolerated.text)
        elif errors := situation.errors_before.get(operation.id):
            yield _finding(OPERATION_ALREADY_INVALID, operation, errors)


def _breaking(situation: Situation, changes: Section) -> Mapping[str, list[Finding]]:
    """The breaking changes, as they were judged, by the ids of the operations that they touch."""
    judged = {finding.fingerprint: finding for finding in changes.findings}
    found: dict[str, list[Finding]] = {}
    if situation.traffic is None or not situation.errors_after:
        return found
    for change in situation.changes:
        if change.code.severity is Severity.ERROR:
            for operation in situation.traffic.touched(change.touches):
                found.setdefault(operation.id, []).append(judged[change.fingerprint])
    return found


def _finding(code: Code, operation: RecordedOperation, errors: Sequence[GraphQLError]) -> Finding:
    shown = errors[:_MOST_ERRORS]
    message = " ".join(_message(error, operation) for error in shown)
    if len(errors) > len(shown):
        message += f" (and {len(errors) - len(shown)} more)"
    return Finding(
        code.name,
        code.severity,
        f"{operation.title}: {message}",
        fingerprint(code.name, operation.id),
        locations=tuple(dict.fromkeys(_location(error, operation) for error in shown)),
        affected=affected((operation,)) if operation.uses else (),
    )


def _message(error: GraphQLError, operation: RecordedOperation) -> str:
    at = error.locations[0] if error.locations and not operation.in_file else None
    return error.message if at is None else f"{error.message} ({at.line}:{at.column} in it)"


def _location(error: GraphQLError, operation: RecordedOperation) -> Location:
    """The place in the file, or that of the whole operation where the file only quotes it."""
    if not operation.in_file or not error.locations or error.source is None:
        return operation.location
    return Location("", error.source.name, error.locations[0].line, error.locations[0].column)
