"""The values of join__Graph are names, and as distinct as the subgraphs."""

import re

from hypothesis import given
from hypothesis import strategies as st

from plait_schema.composition.sdl.graphs import graph_names

NAMES = st.text(st.sampled_from("aA_1-é "), min_size=1, max_size=6)


@given(st.sets(NAMES, max_size=12))
def test_distinct_names(subgraphs: set[str]) -> None:
    values = graph_names(subgraphs)
    assert set(values) == subgraphs
    assert len(set(values.values())) == len(subgraphs)
    assert all(re.fullmatch(r"(?!__)[_A-Z][_A-Z0-9]*", value) for value in values.values())


def test_names_that_differ_in_case_are_numbered() -> None:
    assert graph_names(["b", "B", "b_1"]) == {"B": "B_1", "b": "B_2", "b_1": "B_1_"}
