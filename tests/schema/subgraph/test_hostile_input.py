"""Whatever the SDL is, the answer is a subgraph or diagnostics."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plait_schema.subgraph import Subgraph, SubgraphSource, load_subgraph

_GOOD = """\
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@requires",
    { name: "@external", as: "@elsewhere" }, "@context", "@fromContext", "@provides", "@listSize"])

directive @own(of: [Filter!] = [{ level: LOW }]) repeatable on FIELD_DEFINITION | OBJECT

type Query {
  course(id: ID!, filter: Filter = { level: LOW }): Course @provides(fields: "title")
  courses: [Thing!] @shareable @listSize(assumedSize: 3)
}

interface Named @key(fields: "id") { id: ID! title: String }

type Course implements Named
  @key(fields: "id author { id }") @key(fields: "id") @context(name: "course") @own {
  id: ID!
  title: String @elsewhere
  author: User
  label(of: String @fromContext(field: "$course { title }")): String @requires(fields: "title")
}

extend type User @key(fields: "id", resolvable: false) { id: ID! @elsewhere }
union Thing = Course | User
enum Level { LOW HIGH }
input Filter { level: Level! = HIGH nested: Filter }
scalar Stamp @specifiedBy(url: "https://edtech.example/stamp")
"""
_TOKENS = _GOOD.split()


def _load(sdl: str) -> Subgraph | tuple[object, ...]:
    return load_subgraph(SubgraphSource("courses", "http://courses.example", sdl))


def test_the_example_is_good() -> None:
    assert isinstance(_load(_GOOD), Subgraph)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(_TOKENS) - 1),
            st.integers(0, 2),
            st.sampled_from([*_TOKENS, "", '"', "@key", "}"]),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_mutations(changes: list[tuple[int, int, str]]) -> None:
    tokens = list(_TOKENS)
    for position, deleted, inserted in changes:
        tokens[position : position + deleted] = [inserted]
    result = _load(" ".join(tokens))
    assert isinstance(result, Subgraph) or result


@pytest.mark.parametrize(
    "sdl",
    [
        "type Query { a(x: Int = " + "9" * 6000 + "): Int }",
        "type Query { a: Int @deprecated(reason: null) }",
        "type Query { a: " + "[" * 10_000,
        'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: [{ name: 7 }])',
        "schema @link(url: 7) { query: Query } type Query { a: Int }",
        "\ud800",
        "fragment F on Query { a }",
        'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"]) '
        'type Query @key(fields: "' + "a {" * 5000 + '") { a: Int }',
    ],
)
def test_is_refused(sdl: str) -> None:
    assert isinstance(_load(sdl), tuple)


def test_types_in_a_long_chain() -> None:
    chain = "".join(f"type T{n} {{ next: T{n + 1} }}\n" for n in range(2000))
    assert isinstance(_load("type Query { a: T0 }\n" + chain + "type T2000 { a: Int }"), Subgraph)
    defaults = "".join(f"input I{n} {{ next: I{n + 1} = {{}} }}\n" for n in range(2000))
    assert _load("type Query { a(x: I0): Int }\n" + defaults + "input I2000 { a: Int }")


def test_line_ends_do_not_move_locations() -> None:
    for line_end in ("\n", "\r\n", "\r"):
        sdl = f"\ufefftype Query {{{line_end}{line_end}  a: Unknown{line_end}}}"
        (diagnostic,) = load_subgraph(SubgraphSource("courses", "", sdl, file="courses.graphql"))  # type: ignore[misc]  # it is refused
        assert [(at.file, at.line, at.column) for at in diagnostic.locations] == [("courses.graphql", 3, 6)]
