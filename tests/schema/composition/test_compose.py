"""What composing promises whatever it is given."""

from plait_schema.composition import compose
from plait_schema.diagnostics import INVALID_SUBGRAPH_NAME, NO_QUERIES
from plait_schema.subgraph import SubgraphSource


def test_no_subgraphs() -> None:
    composition = compose([])
    assert composition.supergraph_sdl is None
    assert [diagnostic.code for diagnostic in composition.diagnostics] == [NO_QUERIES.name]


def test_two_subgraphs_of_one_name() -> None:
    users = SubgraphSource("users", "http://users", "type Query { users: [String] }")
    composition = compose([users, users])
    assert composition.supergraph_sdl is None
    assert composition.diagnostics == (
        INVALID_SUBGRAPH_NAME.at(
            None,
            '2 subgraphs are called "users".',
            subgraphs=["users"],
            fix="Give each its own name.",
        ),
    )


def test_the_problems_of_the_names_and_of_the_subgraphs_are_told_together() -> None:
    broken = SubgraphSource("users", "http://users", "type Query {")
    assert {diagnostic.code for diagnostic in compose([broken, broken]).diagnostics} == {
        "INVALID_SUBGRAPH_NAME",
        "INVALID_GRAPHQL",
    }


def test_a_name_may_hold_anything() -> None:
    name = 'users "of" all\nkinds'
    composition = compose([SubgraphSource(name, 'http://users?a="b"', "type Query { users: [String] }")])
    assert composition.supergraph_sdl is not None
    assert r'@join__graph(name: "users \"of\" all\nkinds", url: "http://users?a=\"b\"")' in (
        composition.supergraph_sdl
    )
