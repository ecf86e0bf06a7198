"""What can be reached from a position, and how many fetches away it is."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from plait_schema.query_graph import Node, QueryGraph
from tests.schema.query_graph.graphs import graph_of


def entries(graph: QueryGraph, type_name: str, *starts: Node) -> dict[str, int]:
    """Subgraphs that can be entered, with the depth of the nearest way in."""
    found: dict[str, int] = {}
    for (node, _), entry in graph.standing(type_name, starts).entries.items():
        found[node.subgraph] = min(entry.depth, found.get(node.subgraph, entry.depth))
    return found


def ways(graph: QueryGraph, type_name: str, field: str, *starts: Node) -> list[tuple[str, int]]:
    return [(way.node.subgraph, way.depth) for way in graph.standing(type_name, starts).ways(field)]


def test_a_key_that_only_a_third_subgraph_knows_is_two_fetches_away() -> None:
    graph = graph_of(
        users='type Query { user: User } type User @key(fields: "id") { id: ID! name: String }',
        accounts='type User @key(fields: "id") @key(fields: "iban") { id: ID! iban: String! }',
        payments='type User @key(fields: "iban") { iban: String! balance: Int }',
    )
    assert entries(graph, "User", Node("users", "User")) == {"accounts": 1, "payments": 2, "users": 1}


def test_a_stub_cannot_be_entered() -> None:
    graph = graph_of(
        courses='type Query { course: Course } type Course @key(fields: "id") { id: ID! title: String }',
        stubs='type Query { stub: Course } type Course @key(fields: "id", resolvable: false) { id: ID! }',
    )
    assert entries(graph, "Course", Node("courses", "Course")) == {"courses": 1}


def test_a_required_field_is_reached_after_what_it_requires() -> None:
    graph = graph_of(
        a="""type Query { p: P }
        type P @key(fields: "id") { id: ID! x: Int @requires(fields: "y") y: Int @external z: Int }""",
        b='type P @key(fields: "id") { id: ID! y: Int @requires(fields: "z") z: Int @external }',
    )
    start = Node("a", "P")
    assert ways(graph, "P", "z", start) == [("a", 0), ("a", 1)]
    assert ways(graph, "P", "y", start) == [("b", 1)]
    assert ways(graph, "P", "x", start) == [("a", 2)]


def test_what_a_path_provides_is_at_hand_there_only() -> None:
    graph = graph_of(
        reviews="""type Query { review: User @provides(fields: "name") reviewer: User }
        type User @key(fields: "id") { id: ID! name: String @external }""",
        users='type User @key(fields: "id") { id: ID! name: String @shareable }',
    )
    root = Node("reviews", "Query")
    provided, other = (graph.follow(root, "Query", field) for field in ("review", "reviewer"))
    assert provided is not None
    assert other is not None
    assert ways(graph, "User", "name", provided) == [("reviews", 0), ("users", 1)]
    assert ways(graph, "User", "name", other) == [("users", 1)]


def test_a_path_that_provides_in_a_circle_leads_to_finitely_many_nodes() -> None:
    graph = graph_of(
        reviews="""type Query { user: User }
        type User @key(fields: "id") {
          id: ID! name: String @external friend: User @provides(fields: "name")
        }""",
        users='type User @key(fields: "id") { id: ID! name: String @shareable }',
    )
    node = graph.follow(Node("reviews", "User"), "User", "friend")
    assert node is not None
    assert graph.follow(node, "User", "friend") == node


def test_objects_of_an_interface_object_are_told_apart_first() -> None:
    graph = graph_of(
        accounts="""interface Account @key(fields: "id") { id: ID! }
        type Admin implements Account @key(fields: "id") { id: ID! level: Int }""",
        billing="""type Query { debtor: Account }
        type Account @key(fields: "id") @interfaceObject { id: ID! balance: Int }""",
    )
    start = Node("billing", "Account")
    assert ways(graph, "Account", "balance", start)[0] == ("billing", 0)
    exact = graph.standing("Admin", (start,)).exact_ways("balance")
    assert [(way.node.subgraph, way.depth) for way in exact] == [("billing", 2)]
    assert ways(graph, "Admin", "__typename", start)[0] == ("accounts", 1)


def test_keys_that_need_each_other_come_to_an_end() -> None:
    graph = graph_of(
        a="""type Query { t: T } type T @key(fields: "u { x }") @key(fields: "id") { id: ID! u: U @shareable }
        type U @key(fields: "t { id }") { x: Int @shareable t: T @shareable }""",
        b="""type T @key(fields: "u { x }") @key(fields: "id") { id: ID! u: U @shareable more: Int }
        type U @key(fields: "t { u { x } }") { x: Int @shareable t: T @shareable other: Int }""",
    )
    assert entries(graph, "T", Node("a", "T")) == {"a": 1, "b": 1}
    assert entries(graph, "U", Node("a", "U")) == {"a": 1, "b": 1}


@pytest.mark.parametrize(("labels", "owner"), [(frozenset[str](), "old"), (frozenset({"new-titles"}), "new")])
def test_a_label_says_which_owner_has_a_field(labels: frozenset[str], owner: str) -> None:
    graph = graph_of(
        old='type Query { course: Course } type Course @key(fields: "id") { id: ID! title: String }',
        new="""type Course @key(fields: "id") {
          id: ID! title: String @override(from: "old", label: "new-titles")
        }""",
    ).with_labels(labels)
    assert {name for name, _ in ways(graph, "Course", "title", Node("old", "Course"))} == {owner}


def test_threads_get_the_same_answers() -> None:
    def build() -> QueryGraph:
        return graph_of(
            a='type Query { t: T } type T @key(fields: "k0") { k0: ID! }',
            **{
                f"s{n}": f'type T @key(fields: "k{n}") @key(fields: "k{n + 1}") {{ k{n}: ID! k{n + 1}: ID! }}'
                for n in range(12)
            },
        )

    start = Node("a", "T")
    expected = entries(build(), "T", start)
    assert expected["s11"] == 12
    shared = build()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: entries(shared, "T", start), range(32)))
    assert answers == [expected] * 32
