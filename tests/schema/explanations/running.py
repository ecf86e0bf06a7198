"""Carrying out the examples of explanations: which codes does each give, by severity?"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from graphql import build_schema

from plait_gateway.plan_shapes import planner_of
from plait_schema.checks import CheckRequest, CheckSettings, InputError, check
from plait_schema.checks.approvals_file import read_approvals
from plait_schema.checks.changes import Graph, diff, graph_of_schema, graph_of_supergraph
from plait_schema.checks.lint import lint
from plait_schema.checks.operations import (
    RecordedOperation,
    operations_in,
    operations_of_manifest,
    read_usage,
)
from plait_schema.composition import compose
from plait_schema.diagnostics import CODES, Severity, Topic
from plait_schema.explanations import ExampleSchema, Explanation, Passage
from plait_schema.sources import read_check_settings, read_contract
from plait_schema.subgraph import SubgraphSource
from plait_schema.supergraph import SupergraphError, read_supergraph

Found = Mapping[Severity, set[str]]

NOW = datetime(2026, 11, 29, tzinfo=UTC)


def found_in(explanation: Explanation, passage: Passage) -> Found:
    """The codes that a passage of an explanation gives; what it does not say is as in the example."""
    sides = {schema.side for schema in passage.schemas}
    schemas = (
        *passage.schemas,
        *(schema for schema in explanation.example.schemas if schema.side and schema.side not in sides),
    )
    kinds = {each.kind for each in passage.inputs}
    inputs = {each.kind: each.text for each in explanation.example.inputs if each.kind not in kinds} | {
        each.kind: each.text for each in passage.inputs
    }
    match explanation.code.topic:
        case Topic.INPUT:
            return _of_inputs(inputs)
        case Topic.LINT if not sides & {"before", "after"}:
            return _of_lint(schemas, inputs)
        case Topic.LINT | Topic.OPERATIONS:
            return _of_check(schemas, inputs)
        case Topic.CHANGES:
            return _of_changes(schemas)
        case Topic.COMPOSITION if any(schema.subgraph is None for schema in schemas):
            return _of_supergraph(schemas[0].sdl)
        case _:
            return _of_composition(schemas, passage.configuration)


def _by_severity(codes: Iterable[tuple[Severity, str]]) -> Found:
    found: dict[Severity, set[str]] = {severity: set() for severity in Severity}
    for severity, code in codes:
        found[severity].add(code)
    return found


def _of_supergraph(sdl: str) -> Found:
    try:
        read_supergraph(sdl)
    except SupergraphError as error:
        return _by_severity([(Severity.ERROR, error.code)])
    return _by_severity([])


def _of_composition(schemas: Iterable[ExampleSchema], configuration: str | None) -> Found:
    contract = None
    if configuration:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "supergraph.yaml"
            file.write_text(configuration, encoding="utf-8")
            contract = read_contract(file, "public")
    composition = compose(_sources(schemas), contract=contract)
    found = _by_severity((each.severity, each.code) for each in composition.diagnostics)
    assert (composition.supergraph_sdl is None) == bool(found[Severity.ERROR])
    return found


def _of_changes(schemas: Iterable[ExampleSchema]) -> Found:
    sides = {side: [each for each in schemas if each.side == side] for side in ("before", "after")}
    changes = diff(_graph(sides["before"]), _graph(sides["after"]))
    return _by_severity((each.code.severity, each.code.name) for each in changes if not each.unreachable)


def _graph(schemas: list[ExampleSchema]) -> Graph:
    if schemas[0].subgraph is None:
        return graph_of_schema(build_schema(schemas[0].sdl))
    supergraph = compose(_sources(schemas)).supergraph_sdl
    assert supergraph is not None
    return graph_of_supergraph(supergraph)


def _of_lint(schemas: Iterable[ExampleSchema], inputs: Mapping[str, str]) -> Found:
    found = (each for source in _sources(schemas) for each in lint(source, _settings(inputs).lint))
    return _by_severity((each.severity, each.code) for each in found)


def _of_check(schemas: Iterable[ExampleSchema], inputs: Mapping[str, str]) -> Found:
    """A check of all subgraphs of the example."""
    named = [
        ExampleSchema(schema.subgraph or "users", schema.sdl, schema.side, schema.url) for schema in schemas
    ]
    before = _sources(schema for schema in named if schema.side == "before")
    after = _sources(schema for schema in named if schema.side == "after")
    report = check(
        CheckRequest(
            subject=after[0].name,
            proposed=after,
            published=before,
            now=NOW,
            operations=_operations(inputs),
            settings=_settings(inputs),
            make_planner=planner_of,
        )
    )
    findings = [finding for section in report.sections for finding in section.findings]
    return _by_severity((finding.severity, finding.code) for finding in findings)


def _operations(inputs: Mapping[str, str]) -> tuple[RecordedOperation, ...] | None:
    if "operation" in inputs:
        return operations_in({"operation.graphql": inputs["operation"]})
    return read_usage(inputs["usage"], "usage.jsonl") if "usage" in inputs else None


def _of_inputs(inputs: Mapping[str, str]) -> Found:
    readers = {"manifest": operations_of_manifest, "usage": read_usage, "approvals": read_approvals}
    try:
        for kind, text in inputs.items():
            readers[kind](text, kind)
    except InputError as error:
        return _by_severity([(CODES[error.code].severity, error.code)])
    return _by_severity([])


def _settings(inputs: Mapping[str, str]) -> CheckSettings:
    if "settings" not in inputs:
        return CheckSettings()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "plait.yaml"
        file.write_text(inputs["settings"], encoding="utf-8")
        return read_check_settings(file)


def _sources(schemas: Iterable[ExampleSchema]) -> tuple[SubgraphSource, ...]:
    return tuple(
        SubgraphSource(schema.subgraph, schema.url or f"http://{schema.subgraph}.example/graphql", schema.sdl)
        for schema in schemas
        if schema.subgraph is not None
    )
