"""What is plainly valid is valid by all rules, however schema and operation are damaged."""

import random
import re
from collections import Counter

import pytest
from graphql import GraphQLError, GraphQLSchema, build_schema, parse, validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plait_schema.checks.operations.plainly_valid import is_plainly_valid
from tests.schema.checks.properties.edits import ANY, built, edited, parsed
from tests.schema.checks.properties.operations import random_operation
from tests.schema.properties.graphs import Federation, federations

SCHEMA = build_schema("""
    type Query { me: User, named: Named, any: Any, find(by: Filter!, first: Int, of: [ID!]): [User!] }
    interface Named { name: String! }
    type User implements Named { id: ID!, name: String!, friend(at: Int): User, friends: [User!]! }
    type Dog implements Named { name: String!, age: Float }
    union Any = User | Dog
    input Filter { word: String!, level: Level = LOW, inner: Filter }
    enum Level { LOW HIGH }
""")


def test_plain_operations_are_valid_by_all_rules() -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(federations(), st.integers(0, 2**32))
    def compare(federation: Federation, seed: int) -> None:
        chance = random.Random(seed)
        document = parsed(federation.sdl)
        before, after = built(document), built(edited(document, chance, ANY))
        assert before is not None
        assert after is not None
        for _ in range(12):
            text = random_operation(chance, before)
            for each in (text, damaged(text, chance), damaged(text, chance)):
                seen[_compared(each, after)] += 1

    compare()
    assert min(seen["plain"], seen["valid"], seen["invalid"]) > 20, seen


def damaged(text: str, chance: random.Random) -> str:
    """With one token in the place of another, or left out."""
    tokens = re.findall(r'"[^"]*"|\.\.\.|[\w-]+|\S', text)
    place = chance.randrange(len(tokens))
    tokens[place] = chance.choice([*tokens, ""])
    return " ".join(tokens)


def _compared(text: str, schema: GraphQLSchema) -> str:
    try:
        document = parse(text)
    except GraphQLError:
        return "no GraphQL"
    errors = validate(schema, document)
    if is_plainly_valid(document, schema):
        assert errors == [], text
        return "plain"
    return "invalid" if errors else "valid"


@pytest.mark.parametrize(
    "text",
    [
        "{ me { id name } }",
        "{ me { id ...F } named { name ... on User { id } ...F } } fragment F on User { id other: name }",
        "query Q($w: String!, $n: Int!) { find(by: { word: $w, level: HIGH }, first: $n, of: 7) { id } }",
        '{ find(by: { word: "x", inner: { word: "y" } }, first: null, of: ["1", 2]) { __typename } }',
        "query Q($yes: Boolean!) { me @include(if: $yes) { friends @skip(if: false) { id id } } }",
        "{ any { ... on Dog { age } ... on Named { name } ... { __typename } } }",
    ],
)
def test_what_clients_send_is_plain(text: str) -> None:
    assert is_plainly_valid(parse(text), SCHEMA)


@pytest.mark.parametrize(
    "text",
    [
        "{ me { id } } { me { id } }",
        "{ me { name: id name } }",
        "{ me { friend { id } friend { name } } }",
        "{ me { ...F } } fragment F on User { friends { ...F } }",
        "{ me { ... on Dog { name } } }",
        "query Q($n: Int) { me { id } }",
        "query Q($n: String!) { me { friend(at: $n) { id } } }",
        "{ me { friend(at: 99999999999) { id } } }",
        "{ find(by: { level: LOW }) { id } }",
        "{ find(by: { word: 7 }) { id } }",
        "{ me }",
        "{ me { id { id } } }",
        "{ me @skip { id } }",
        "type Query { a: Int }",
    ],
)
def test_what_needs_a_second_look_is_not(text: str) -> None:
    assert not is_plainly_valid(parse(text), SCHEMA)
