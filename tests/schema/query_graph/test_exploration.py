"""Fields that require fields: each question is looked into a bounded number of times."""

from plait_schema.composition import compose
from plait_schema.query_graph import Node, QueryGraph
from tests.schema.query_graph.graphs import graph_of, sources

_START = Node("start", "T")


def ways(graph: QueryGraph, field: str) -> list[tuple[str, int]]:
    return [(way.node.subgraph, way.depth) for way in graph.standing("T", (_START,)).ways(field)]


def requiring(number: int, *required: int) -> str:
    """A subgraph in which one field requires others, which other subgraphs have."""
    external = " ".join(f"a{one}: Int @external" for one in required)
    fields = " ".join(f"a{one}" for one in required)
    return f'type T @key(fields: "id") {{ id: ID! {external} a{number}: Int @requires(fields: "{fields}") }}'


def lattice(size: int) -> QueryGraph:
    return graph_of(
        start='type Query { t: T } type T @key(fields: "id") { id: ID! a0: Int a1: Int }',
        **{f"s{number}": requiring(number, number - 1, number - 2) for number in range(2, size)},
    )


def test_a_lattice_of_required_fields_is_explored_in_polynomial_work() -> None:
    graph = lattice(40)
    assert ways(graph, "a39") == [("s39", 38)]
    assert graph.exploration.looks < 20_000  # fib(40) is 102,334,155


def test_a_wide_key_is_explored_in_linear_work() -> None:
    fields = [f"f{number}" for number in range(200)]
    type_ = f'type T @key(fields: "{" ".join(fields)}") {{ {" ".join(f"{name}: ID" for name in fields)} '
    graph = graph_of(start=f"type Query {{ t: T }} {type_} }}", other=f"{type_} a0: Int }}")
    assert ways(graph, "a0") == [("other", 1)]
    assert graph.exploration.looks < 10 * len(fields)


def test_a_chain_of_required_fields_may_be_long() -> None:
    graph = graph_of(
        start='type Query { t: T } type T @key(fields: "id") { id: ID! a0: Int }',
        **{f"s{number}": requiring(number, number - 1) for number in range(1, 60)},
    )
    assert ways(graph, "a59") == [("s59", 59)]
    assert ways(graph, "a30") == [("s30", 30)]


def test_the_order_of_questions_does_not_change_the_answers() -> None:
    asked, fresh = lattice(8), lattice(8)
    for number in (5, 2, 7, 0):
        ways(asked, f"a{number}")
    assert [ways(asked, f"a{n}") for n in range(8)] == [ways(fresh, f"a{n}") for n in reversed(range(8))][
        ::-1
    ]


def test_fields_that_require_each_other_are_refused() -> None:
    found = compose(
        sources(
            start='type Query { t: T } type T @key(fields: "id") { id: ID! }',
            x='type T @key(fields: "id") { id: ID! a2: Int @external a1: Int @requires(fields: "a2") }',
            y='type T @key(fields: "id") { id: ID! a1: Int @external a2: Int @requires(fields: "a1") }',
        )
    )
    assert found.supergraph_sdl is None
    assert [(one.code, one.coordinate) for one in found.diagnostics] == [
        ("SATISFIABILITY_ERROR", "T.a1"),
        ("SATISFIABILITY_ERROR", "T.a2"),
    ]


def test_a_field_that_requires_the_same_of_a_friend_is_refused() -> None:
    found = compose(
        sources(
            start='type Query { t: T } type T @key(fields: "id") { id: ID! friend: T }',
            x="""type T @key(fields: "id") {
              id: ID! friend: T @external a: Int @requires(fields: "friend { a }")
            }""",
        )
    )
    assert {one.code for one in found.diagnostics} == {"SATISFIABILITY_ERROR"}


def test_fields_that_require_each_other_but_can_be_had_elsewhere_are_fine() -> None:
    graph = graph_of(
        start='type Query { t: T } type T @key(fields: "id") { id: ID! }',
        x="""type T @key(fields: "id") {
          id: ID! a2: Int @external a1: Int @requires(fields: "a2") @shareable
        }""",
        y='type T @key(fields: "id") { id: ID! a1: Int @external a2: Int @requires(fields: "a1") }',
        z='type T @key(fields: "id") { id: ID! a1: Int @shareable }',
    )
    assert ways(graph, "a2") == [("y", 2)]
    assert ways(graph, "a1")[0] == ("z", 1)
