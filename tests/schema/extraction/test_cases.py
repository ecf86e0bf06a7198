"""Golden cases of extraction; and of every supergraph, composing what is extracted gives it again."""

import json
from pathlib import Path
from typing import Any

import pytest
from graphql import lexicographic_sort_schema, print_schema

from plait_schema.composition import compose
from plait_schema.subgraph import SubgraphSource
from plait_schema.supergraph import read_supergraph
from plait_schema.supergraph.extraction import extract_subgraphs
from tests.schema.golden import Case, cases, check

FOLDER = Path(__file__).parent
KIT = Path(__file__).resolve().parents[4] / "shared" / "conformance" / "composition"


@pytest.mark.parametrize("case", cases(FOLDER / "cases"))
def test_extraction(case: Case, update: bool) -> None:
    extracted = extract_subgraphs(_supergraph(case))
    check(case, {each.name: each.sdl for each in extracted}, update=update)


@pytest.mark.parametrize("case", cases(FOLDER / "cases"))
def test_what_is_extracted_composes_to_a_supergraph_that_says_the_same(case: Case) -> None:
    supergraph = _supergraph(case)
    extracted = extract_subgraphs(supergraph)
    again = compose(extracted).supergraph_sdl
    assert again is not None
    assert extract_subgraphs(again) == extracted
    if case.subgraphs:
        assert again == supergraph


@pytest.mark.parametrize("case", cases(FOLDER.parent / "composition" / "cases"))
def test_golden_cases_of_composition_come_back(case: Case) -> None:
    supergraph = compose(case.subgraphs).supergraph_sdl
    if supergraph is not None:
        assert compose(extract_subgraphs(supergraph)).supergraph_sdl == supergraph


@pytest.mark.skipif(not KIT.is_dir(), reason="the shared conformance folder is not beside the repository")
@pytest.mark.parametrize(
    "file", [pytest.param(path, id=path.stem) for path in KIT.glob("reference/*.graphql")]
)
def test_conformance_cases_come_back(file: Path) -> None:
    """From plait's supergraph to the byte, and from another composer's with the same API schema."""
    supergraph = compose(_subgraphs(KIT / "cases" / f"{file.stem}.json")).supergraph_sdl
    if supergraph is None:  # of a few cases more than one answer is accepted
        return
    assert compose(extract_subgraphs(supergraph)).supergraph_sdl == supergraph
    theirs = compose(extract_subgraphs(file.read_text(encoding="utf-8"))).supergraph_sdl
    assert theirs is not None
    assert _api_schema(theirs) == _api_schema(supergraph)


def _subgraphs(file: Path) -> list[SubgraphSource]:
    case: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return [SubgraphSource(each["name"], each["url"], "\n".join(each["sdl"])) for each in case["subgraphs"]]


def _api_schema(supergraph: str) -> str:
    return print_schema(lexicographic_sort_schema(read_supergraph(supergraph).api_schema))


def _supergraph(case: Case) -> str:
    if not case.subgraphs:
        return case.text("input", "supergraph")
    composition = compose(case.subgraphs)
    assert composition.supergraph_sdl is not None, composition.diagnostics
    return composition.supergraph_sdl
