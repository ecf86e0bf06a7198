"""Operations are printed as graphql-core would print them, and strip."""

import random

import pytest
from graphql import OperationDefinitionNode, build_schema, parse, print_ast, strip_ignored_characters
from hypothesis import given, settings
from hypothesis import strategies as st

from plait_gateway.query_plan.minified import minified
from tests.schema.checks.properties.operations import random_operation

SCHEMA = build_schema("""
    directive @mark(of: Int = 1, as: String) repeatable on FIELD | QUERY
    directive @once on FIELD | FRAGMENT_SPREAD
    type Query { me: User, any: Any, find(by: Filter!, first: Int, of: [[ID!]!]): [User!] }
    type User { id: ID!, name(as: String): String!, friends(level: Level): [User!]! }
    type Dog { age(exact: Boolean): Float }
    union Any = User | Dog
    input Filter { word: String!, level: Level = LOW, inner: [Filter!] }
    enum Level { LOW HIGH }
""")


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_random_operations(seed: int) -> None:
    _compare(random_operation(random.Random(seed), SCHEMA, depth=4))


@pytest.mark.parametrize(
    "text",
    [
        "{a}",
        "query { a }",
        "mutation M { a }",
        "query Q @d { a }",
        "query ($a: [Int!]! = [1, -2] @d(b: {c: 1.5e3})) { a(x: $a) ... @include(if: $b) { b } ...F @x }",
        'query { a(x: "a\\n\\"b", y: """block\n   "in" it\n  """, z: null, w: [true, ENUM, {}]) }',
        '{ a(x: """"quoted" """) b(y: "") c(z: """""") }',
    ],
)
def test_every_part_of_an_operation(text: str) -> None:
    _compare(text)


def _compare(text: str) -> None:
    for node in parse(text).definitions:
        if isinstance(node, OperationDefinitionNode):
            assert minified(node) == strip_ignored_characters(print_ast(node))
            assert minified(node.selection_set) == strip_ignored_characters(print_ast(node.selection_set))
