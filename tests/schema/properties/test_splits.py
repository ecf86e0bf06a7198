"""However a schema is split into subgraphs, composing them gives it back."""

from random import Random

from graphql import build_schema, lexicographic_sort_schema, print_schema
from hypothesis import given, settings
from hypothesis import strategies as st

from plait_schema.composition import compose
from plait_schema.contract import Contract
from plait_schema.diagnostics import Severity
from plait_schema.supergraph import read_supergraph
from plait_schema.supergraph.extraction import extract_subgraphs
from tests.schema.properties.graphs import TAGS, Federation, federations


@given(federations())
@settings(max_examples=50)
def test_clients_see_the_schema_that_was_split(federation: Federation) -> None:
    composition = compose(federation.subgraphs)
    assert composition.supergraph_sdl is not None, composition.diagnostics
    seen = read_supergraph(composition.supergraph_sdl).api_schema
    assert _sorted(print_schema(seen)) == _sorted(federation.sdl)


@given(federations(), st.randoms())
@settings(max_examples=20)
def test_the_order_of_the_subgraphs_does_not_change_a_byte(federation: Federation, random: Random) -> None:
    subgraphs = list(federation.subgraphs)
    random.shuffle(subgraphs)
    assert compose(subgraphs) == compose(federation.subgraphs)


@given(federations())
@settings(max_examples=30)
def test_the_extracted_subgraphs_compose_to_the_same_supergraph(federation: Federation) -> None:
    supergraph = compose(federation.subgraphs).supergraph_sdl
    assert supergraph is not None
    extracted = extract_subgraphs(supergraph)
    assert [(each.name, each.url) for each in extracted] == sorted(
        (each.name, each.url) for each in federation.subgraphs
    )
    assert compose(extracted).supergraph_sdl == supergraph


CONTRACTS = st.builds(
    Contract,
    st.just("some"),
    include=st.frozensets(st.sampled_from(TAGS), max_size=1),
    exclude=st.frozensets(st.sampled_from(TAGS), max_size=1),
    hide_unreachable_types=st.booleans(),
)


@given(federations(), CONTRACTS)
@settings(max_examples=30)
def test_a_contract_gives_a_part_of_the_schema_or_says_why_not(
    federation: Federation, contract: Contract
) -> None:
    composition = compose(federation.subgraphs, contract=contract)
    if composition.supergraph_sdl is None:
        errors = [each for each in composition.diagnostics if each.severity is Severity.ERROR]
        assert errors
        assert all('In the contract "some": ' in each.message for each in errors)
        return
    seen = read_supergraph(composition.supergraph_sdl).api_schema
    whole = build_schema(federation.sdl)
    assert seen.type_map.keys() <= whole.type_map.keys()
    assert compose(extract_subgraphs(composition.supergraph_sdl)).supergraph_sdl == composition.supergraph_sdl


def _sorted(sdl: str) -> str:
    return print_schema(lexicographic_sort_schema(build_schema(sdl)))
