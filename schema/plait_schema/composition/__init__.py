"""Composition: from the SDL of the subgraphs to one supergraph, or to everything that is wrong with them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from plait_schema.composition.collector import collector_paused
from plait_schema.composition.contracts import apply_contract, check_contract
from plait_schema.composition.declarations import located
from plait_schema.composition.merge import merge
from plait_schema.composition.rules import check, check_supergraph
from plait_schema.composition.runtime_types import runtime_types
from plait_schema.composition.satisfiability import check_satisfiability
from plait_schema.composition.sdl import print_supergraph
from plait_schema.composition.subgraph_names import same_names
from plait_schema.contract import Contract
from plait_schema.diagnostics import Diagnostic, Severity, in_order
from plait_schema.query_graph import build_query_graph
from plait_schema.subgraph import (
    LoadedSubgraph,
    SubgraphSource,
    load_each,
    too_large_together,
    valid_subgraphs,
)
from plait_schema.supergraph import read_document, supergraph_of


@dataclass(frozen=True, slots=True)
class Composition:
    """What composing gave: a supergraph, unless a diagnostic is an error."""

    supergraph_sdl: str | None
    diagnostics: tuple[Diagnostic, ...]
    loaded: Mapping[SubgraphSource, LoadedSubgraph] = field(default_factory=dict, compare=False, repr=False)


@collector_paused()
def compose(
    sources: Iterable[SubgraphSource],
    *,
    contract: Contract | None = None,
    previous: Composition | None = None,
) -> Composition:
    """Compose the subgraphs, whatever their order; with a contract, clients see what it shows them.

    Subgraphs that have not changed since a previous composition are taken from it.

    Nothing that the SDL says raises. Composition stops after the first stage that finds errors: each
    subgraph on its own, merging, satisfiability, the contract; all that a stage finds is reported.
    https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/composition
    """
    sources = tuple(sources)
    if problems := too_large_together(sources):
        return Composition(None, problems)
    loaded = load_each(sources, known=previous.loaded if previous else None)
    subgraphs, problems = valid_subgraphs(loaded)
    if problems := in_order([*same_names(sources), *problems]):
        return Composition(None, problems, loaded)

    merged = merge(subgraphs)
    findings = check(merged)
    if _has_errors(findings):
        return Composition(None, findings, loaded)

    supergraph_sdl = print_supergraph(merged)
    document = read_document(supergraph_sdl)
    findings = in_order([*findings, *check_supergraph(merged, document.definitions)])
    if _has_errors(findings):
        return Composition(None, findings, loaded)

    graph = build_query_graph(supergraph_of(document))
    satisfiability = check_satisfiability(graph)
    findings = in_order(
        [
            *findings,
            *runtime_types(merged, satisfiability.together),
            *located(satisfiability.diagnostics, merged),
        ]
    )
    if contract is not None and not _has_errors(findings):
        merged = apply_contract(merged, contract)
        supergraph_sdl = print_supergraph(merged)
        findings = in_order([*findings, *check_contract(merged, contract)])
    return Composition(None if _has_errors(findings) else supergraph_sdl, findings, loaded)


def _has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
