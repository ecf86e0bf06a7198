"""Golden cases of the canonical form of a subgraph."""

from pathlib import Path

import pytest
from graphql import print_ast

from plait_schema.federation.versions import print_version
from plait_schema.subgraph import Subgraph, load_subgraphs
from tests.schema.golden import Case, cases, check, diagnostics_text


@pytest.mark.parametrize("case", cases(Path(__file__).parent / "canonical"))
def test_canonical_form(case: Case, update: bool) -> None:
    subgraphs, diagnostics = load_subgraphs(case.subgraphs)
    assert not diagnostics, diagnostics_text(diagnostics)
    check(case, {"canonical": "\n\n".join(_text(subgraph) for subgraph in subgraphs)}, update=update)


def _text(subgraph: Subgraph) -> str:
    head = f"# {subgraph.name}, federation {print_version(subgraph.version)}"
    if subgraph.extended:
        head += f", extends {', '.join(sorted(subgraph.extended))}"
    definition = subgraph.schema_definition
    parts = [definition] if definition.operation_types or definition.directives else []
    nodes = (*parts, *subgraph.directives.values(), *subgraph.types.values())
    return "\n\n".join([head, *(print_ast(node) for node in nodes)])
