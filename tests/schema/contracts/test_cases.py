"""Golden cases of contracts: subgraphs, the contract as it is configured, and what its clients see."""

from pathlib import Path

import pytest
from graphql import print_schema

from plait_schema.composition import compose
from plait_schema.sources import read_contract
from plait_schema.supergraph import read_supergraph
from plait_schema.supergraph.extraction import extract_subgraphs
from tests.schema.golden import Case, cases, check, diagnostics_text

CASES = cases(Path(__file__).parent / "cases")


@pytest.mark.parametrize("case", CASES)
def test_contract(case: Case, tmp_path: Path, update: bool) -> None:
    configuration = tmp_path / "supergraph.yaml"
    configuration.write_text(case.text("input", "configuration"), encoding="utf-8")
    composition = compose(case.subgraphs, contract=read_contract(configuration, "public"))
    api_schema = "none"
    if composition.supergraph_sdl is not None:
        api_schema = print_schema(read_supergraph(composition.supergraph_sdl).api_schema)
    check(case, {"diagnostics": diagnostics_text(composition.diagnostics), "api": api_schema}, update=update)


@pytest.mark.parametrize("case", CASES)
def test_the_filtered_supergraph_has_everything_that_gateways_plan_over(case: Case, tmp_path: Path) -> None:
    configuration = tmp_path / "supergraph.yaml"
    configuration.write_text(case.text("input", "configuration"), encoding="utf-8")
    filtered = compose(case.subgraphs, contract=read_contract(configuration, "public")).supergraph_sdl
    if filtered is None:
        return
    whole = compose(case.subgraphs).supergraph_sdl
    assert whole is not None
    assert print_schema(read_supergraph(filtered).schema) == print_schema(read_supergraph(whole).schema)
    assert compose(extract_subgraphs(filtered)).supergraph_sdl == filtered
