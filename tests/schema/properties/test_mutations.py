"""Whatever the schemas say, composing gives a supergraph or says what is wrong, and always the same."""

from pathlib import Path

import pytest
from graphql import parse, validate
from hypothesis import HealthCheck, given, settings

from plait_schema.composition import compose
from plait_schema.diagnostics import CODES, Severity
from plait_schema.subgraph import SubgraphSource
from plait_schema.supergraph import read_supergraph
from plait_schema.supergraph.extraction import extract_subgraphs
from tests.schema.golden import Case, cases
from tests.schema.properties.mutations import edits, good_subgraphs, nearly_good

_QUICK = [HealthCheck.too_slow, HealthCheck.data_too_large]


def test_there_is_something_to_change() -> None:
    assert len(good_subgraphs()) > 30


@settings(max_examples=60, deadline=None, suppress_health_check=_QUICK)
@given(nearly_good())
def test_a_supergraph_or_what_is_wrong(subgraphs: tuple[SubgraphSource, ...]) -> None:
    _check(subgraphs)


@settings(max_examples=25, deadline=None, suppress_health_check=_QUICK)
@given(edits())
def test_composing_an_edited_graph_is_composing_it_from_scratch(
    states: tuple[tuple[SubgraphSource, ...], ...],
) -> None:
    composition = None
    for subgraphs in states:
        composition = compose(subgraphs, previous=composition)
        assert composition == compose(subgraphs)


@pytest.mark.parametrize("case", cases(Path(__file__).parent.parent / "subgraph" / "cases"))
def test_every_golden_case_of_subgraphs(case: Case) -> None:
    _check(case.subgraphs)


def _check(subgraphs: tuple[SubgraphSource, ...]) -> None:
    composition = compose(subgraphs)
    assert compose(subgraphs[::-1]) == composition
    names = {subgraph.name for subgraph in subgraphs}
    for found in composition.diagnostics:
        assert found.code in CODES
        assert found.message
        assert found.subgraphs
        assert names.issuperset(found.subgraphs)
        for at in found.locations:
            assert at.subgraph in names
            assert at.line > 0
            assert at.column > 0
    errors = [found for found in composition.diagnostics if found.severity is Severity.ERROR]
    if composition.supergraph_sdl is None:
        assert errors
        return
    assert not errors
    assert validate(read_supergraph(composition.supergraph_sdl).api_schema, parse("{ __typename }")) == []
    again = compose(extract_subgraphs(composition.supergraph_sdl))
    assert again.supergraph_sdl is not None
    assert read_supergraph(again.supergraph_sdl).api_schema.type_map.keys() == (
        read_supergraph(composition.supergraph_sdl).api_schema.type_map.keys()
    )
