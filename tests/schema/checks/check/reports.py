"""Golden cases of checks: what is published, proposed, sent and set; and the report as text."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from plait_gateway.plan_shapes import planner_of
from plait_schema.checks import CheckRequest, CheckSettings, Finding, Report, check
from plait_schema.checks.approvals_file import read_approvals
from plait_schema.checks.operations import (
    RecordedOperation,
    merged,
    operations_in,
    operations_of_manifest,
    read_usage,
)
from plait_schema.contract import Contract
from plait_schema.sources import read_check_settings, read_contracts
from plait_schema.subgraph import SubgraphSource
from tests.schema.golden import Case

NOW: Final = datetime(2026, 11, 29, 12, tzinfo=UTC)


def report_of(case: Case, folder: Path) -> Report:
    """Check what the case proposes; `folder` is for files that are read from files alone."""
    return check(request_of(case, folder))


def request_of(case: Case, folder: Path) -> CheckRequest:
    published = tuple(_source(name, text) for name, text in _blocks(case, "published"))
    proposed = [_source(name, text) for name, text in _blocks(case, "proposed")]
    deleted = frozenset(name for name, _ in _blocks(case, "deleted"))
    return CheckRequest(
        subject=", ".join([*(each.name for each in proposed), *sorted(deleted)]),
        proposed=tuple(proposed),
        deleted=deleted,
        published=published,
        now=NOW,
        contracts=_contracts(case, folder),
        operations=_operations(case),
        approvals={
            fingerprint: approval
            for name, text in _blocks(case, "approvals")
            for fingerprint, approval in read_approvals(text, name).items()
        },
        settings=_settings(case, folder),
        make_planner=planner_of,
    )


def report_text(report: Report) -> str:
    """Each section with its outcome, and everything that findings say."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    for section in report.sections:
        yield f"{section.name} {section.outcome(report.fail_on)}: {section.note}"
        for finding in section.findings:
            yield from _finding(finding)
    yield str(report.outcome)


def _finding(finding: Finding) -> Iterator[str]:
    places = ", ".join(f"{at.file or at.subgraph} {at.line}:{at.column}" for at in finding.locations)
    coordinate = f" {finding.coordinate}" if finding.coordinate else ""
    yield f"{finding.severity} {finding.code}{coordinate} ({places}) {finding.fingerprint}"
    yield f"  {finding.message}"
    if finding.tolerated is not None:
        yield f"  {finding.tolerated.reason}, was {finding.tolerated.was}: {finding.tolerated.text}"
    for operation in finding.affected:
        clients = ", ".join(f"{client} {count}" for client, count in operation.clients.items())
        yield f"  used by {operation.name}: {clients or 'clients that nobody counted'}"
    if finding.hint:
        yield f"  hint: {finding.hint}"
    if finding.plans is not None:
        for title, plan in (("before", finding.plans.before), ("after", finding.plans.after)):
            yield f"  {title}:"
            yield from (f"    {line}" for line in plan.splitlines())


def _blocks(case: Case, attribute: str) -> Iterator[tuple[str, str]]:
    for block in case.blocks:
        if attribute in block.attributes:
            yield block.attributes[attribute], block.text


def _source(name: str, text: str) -> SubgraphSource:
    return SubgraphSource(name, f"http://{name}.example/graphql", text, f"{name}.graphql")


def _operations(case: Case) -> tuple[RecordedOperation, ...] | None:
    found = list(operations_in(dict(_blocks(case, "operations"))))
    found += [one for name, text in _blocks(case, "manifest") for one in operations_of_manifest(text, name)]
    found += [one for name, text in _blocks(case, "usage") for one in read_usage(text, name)]
    return merged(found) if found else None


def _contracts(case: Case, folder: Path) -> tuple[Contract, ...]:
    file = _written(dict(_blocks(case, "contracts")), folder)
    return read_contracts(file) if file is not None else ()


def _settings(case: Case, folder: Path) -> CheckSettings:
    file = _written(dict(_blocks(case, "settings")), folder)
    return read_check_settings(file) if file is not None else CheckSettings()


def _written(blocks: Mapping[str, str], folder: Path) -> Path | None:
    for name, text in blocks.items():
        (folder / name).write_text(text, encoding="utf-8")
        return folder / name
    return None
