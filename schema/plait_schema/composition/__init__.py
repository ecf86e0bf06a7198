"""Composition: from the SDL of the subgraphs to one supergraph, or to everything that is wrong with them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from graphql import DefinitionNode

from plait_schema.composition.contracts import apply_contract, check_contract
from plait_schema.composition.located import located
from plait_schema.composition.merge import merge
from plait_schema.composition.rules import check, check_supergraph, check_visible
from plait_schema.composition.runtime_types import runtime_types
from plait_schema.composition.satisfiability import Satisfiability, check_satisfiability
from plait_schema.composition.sdl import PrintedSupergraph, print_supergraph
from plait_schema.composition.subgraph_names import same_names
from plait_schema.contract import Contract
from plait_schema.diagnostics import Diagnostic, Severity, in_order
from plait_schema.garbage_collection import collection_paused
from plait_schema.query_graph import build_query_graph
from plait_schema.subgraph import (
    LoadedSubgraph,
    SubgraphSource,
    load_each,
    too_large_together,
    valid_subgraphs,
)
from plait_schema.supergraph import document_of, parse_definitions, supergraph_of


@dataclass(frozen=True, slots=True)
class Checked:
    """A valid supergraph, before any contract, and whether its queries can be answered."""

    printed: PrintedSupergraph
    parsed: Mapping[str, DefinitionNode]  # by their text
    satisfiability: Satisfiability


@dataclass(frozen=True, slots=True)
class Known:
    """What a composition has found out, for the next one to take over."""

    sources: Counter[SubgraphSource]
    contract: Contract | None
    loaded: Mapping[SubgraphSource, LoadedSubgraph] = field(default_factory=dict)
    checked: Checked | None = None


@dataclass(frozen=True, slots=True)
class Composition:
    """What composing gave: a supergraph, unless a diagnostic is an error."""

    supergraph_sdl: str | None
    diagnostics: tuple[Diagnostic, ...]
    known: Known = field(compare=False, repr=False)


@collection_paused()
def compose(
    sources: Iterable[SubgraphSource],
    *,
    contract: Contract | None = None,
    previous: Composition | None = None,
) -> Composition:
    """Compose the subgraphs, whatever their order; with a contract, clients see what it shows them.

    What has not changed since a previous composition is taken from it: all, if nothing has; subgraphs; types
    that only they declare, merged, printed and parsed; and which queries can be answered, if the supergraph
    is the same.

    Nothing that the SDL says raises. Composition stops after the first stage that finds errors: each
    subgraph on its own, merging, satisfiability, the contract; all that a stage finds is reported.
    https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/composition
    """
    sources = tuple(sources)
    known = Known(Counter(sources), contract)
    if previous and (previous.known.sources, previous.known.contract) == (known.sources, contract):
        return previous
    if problems := too_large_together(sources):
        return Composition(None, problems, known)
    loaded = load_each(sources, known=previous.known.loaded if previous else None)
    known = replace(known, loaded=loaded, checked=previous.known.checked if previous else None)
    subgraphs, problems = valid_subgraphs(loaded)
    if problems := in_order([*same_names(sources), *problems]):
        return Composition(None, problems, known)

    before = known.checked
    merged = merge(subgraphs, before=before.printed.merged if before else None)
    findings = check(merged)
    if _has_errors(findings):
        return Composition(None, findings, known)

    printed = print_supergraph(merged, before=before.printed if before else None)
    problems, checked = _check_queries(printed, before)
    findings = in_order([*findings, *problems])
    if checked is None:
        return Composition(None, findings, known)
    known = replace(known, checked=checked)

    satisfiability = checked.satisfiability
    findings = in_order(
        [
            *findings,
            *runtime_types(merged, satisfiability.together),
            *located(satisfiability.diagnostics, merged),
        ]
    )
    if contract is not None and not _has_errors(findings):
        merged = apply_contract(merged, contract)
        printed = print_supergraph(merged)
        findings = in_order([*findings, *check_contract(merged, contract)])
    return Composition(None if _has_errors(findings) else printed.sdl, findings, known)


def _check_queries(
    printed: PrintedSupergraph, before: Checked | None
) -> tuple[tuple[Diagnostic, ...], Checked | None]:
    """What is wrong with the supergraph or the API schema; if nothing is, which queries can be answered."""
    merged = printed.merged
    if before is not None and before.printed.definitions == printed.definitions:
        problems = check_visible(merged)
        return problems, None if _has_errors(problems) else replace(before, printed=printed)
    parsed = parse_definitions(printed.definitions, known=before.parsed if before else {})
    document = document_of(tuple(parsed.values()))
    problems = check_supergraph(merged, document)
    if _has_errors(problems):
        return problems, None
    graph = build_query_graph(supergraph_of(document))
    return problems, Checked(printed, parsed, check_satisfiability(graph))


def _has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
