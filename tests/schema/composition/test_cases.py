"""Golden cases of composition: one per code, and one per kind of element that is merged.

A case whose file is named like a code shows that code (a suffix after it tells several apart).
"""

import re
from pathlib import Path

import pytest
from graphql import DirectiveDefinitionNode, Node, SchemaDefinitionNode, TypeDefinitionNode, parse

from plait_schema.composition import Composition, compose
from tests.schema.golden import Case, cases, check, diagnostics_text

CASES = cases(Path(__file__).parent / "cases")
MACHINERY = re.compile(r"(join|link)(__|$)")


@pytest.mark.parametrize("case", CASES)
def test_composition(case: Case, update: bool) -> None:
    composition = compose(case.subgraphs)
    check(
        case,
        {
            "diagnostics": diagnostics_text(composition.diagnostics),
            "supergraph": _own_definitions(composition),
        },
        update=update,
    )
    if code := re.match(r"[A-Z][A-Z_]+(?![a-z])", case.path.stem):
        assert code[0].rstrip("_") in {diagnostic.code for diagnostic in composition.diagnostics}


@pytest.mark.parametrize("case", CASES)
def test_the_order_of_the_subgraphs_does_not_matter(case: Case) -> None:
    assert compose(reversed(case.subgraphs)) == compose(case.subgraphs)


def _own_definitions(composition: Composition) -> str:
    """The supergraph as written, without what is the same in every supergraph."""
    if composition.supergraph_sdl is None:
        return "none"
    document = parse(composition.supergraph_sdl)
    return "\n\n".join(
        composition.supergraph_sdl[node.loc.start : node.loc.end]
        for node in document.definitions
        if node.loc and not _is_machinery(node)
    )


def _is_machinery(node: Node) -> bool:
    match node:
        case SchemaDefinitionNode():
            return False
        case DirectiveDefinitionNode() | TypeDefinitionNode():
            return node.name.value != "join__Graph" and MACHINERY.match(node.name.value) is not None
        case _:
            return True
