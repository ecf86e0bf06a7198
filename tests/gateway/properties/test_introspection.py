"""Introspection is answered as graphql-core answers it, by either executor, also among other fields."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLBoolean,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    execute_sync,
    get_introspection_query,
    get_named_type,
    get_variable_values,
    introspection_types,
    is_leaf_type,
    parse,
    validate,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from plait_gateway.executor.program import Counters
from plait_gateway.query_plan import parse_plan
from tests.gateway.executor.world import ClientOperation, Graph, canned
from tests.gateway.program.both import both

GRAPH = Graph.of(
    '''
    """All there is."""
    schema { query: Query mutation: Change }
    directive @mark(
      "Why." reason: String = "none"
      old: Int @deprecated(reason: "New.")
    ) repeatable on FIELD_DEFINITION | OBJECT | QUERY
    "A query." type Query { answer(of: Filter = {limit: 3, kinds: [SMALL]}, gone: Int @deprecated): Int
      node: Node }
    type Change { change(input: [Filter!]!): Thing! }
    interface Node { id: ID! }
    interface Named implements Node { id: ID!  name: String }
    "A thing." type Thing implements Named & Node {
      id: ID!
      name: String
      old: [[Thing!]]! @deprecated(reason: "Use name.")
      older: Int @deprecated
    }
    type Other implements Node { id: ID! time: Time }
    union Any = Thing | Other
    enum Kind { "Not large." SMALL LARGE @deprecated(reason: "None left.") }
    input Filter { limit: Int! = 10  kinds: [Kind!] = [SMALL, LARGE]  text: String = "a \\"b\\""
      gone: Float = 1.5 @deprecated }
    input Choice @oneOf { a: Int b: String }
    scalar Time @specifiedBy(url: "https://example.com/time")
    '''
)
NAMES = (*sorted(GRAPH.api_schema.type_map), "Nothing")
VARIABLES: dict[str, Any] = {"yes": True, "no": False, "name": "Thing"}
DECLARED = {"yes": "Boolean!", "no": "Boolean = false", "name": "String!"}


@pytest.fixture(scope="module", autouse=True)
def _introspection_is_graphql_core_s() -> Iterator[None]:
    """Strawberry replaces this field for every schema of the process that makes one of its own."""

    def resolve(type_: object, _info: object) -> bool | None:
        return type_.is_one_of if isinstance(type_, GraphQLInputObjectType) else None

    with pytest.MonkeyPatch.context() as patch:
        fields = introspection_types["__Type"].fields  # type: ignore[attr-defined]  # an object type
        patch.setitem(fields, "isOneOf", GraphQLField(GraphQLBoolean, resolve=resolve))
        yield


class Writer:
    """Writes a random operation that introspects."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.fragments: list[str] = []

    def operation(self, depth: int) -> str:
        fields = [self.root(depth) for _ in range(self.chance.randrange(1, 4))]
        text = "{ " + " ".join(fields) + " }" + "".join(self.fragments)
        declared = [f"${name}: {of}" for name, of in DECLARED.items() if f"${name}" in text]
        return f"query({', '.join(declared)}) {text}" if declared else text

    def root(self, depth: int) -> str:
        key = self.chance.choice(("", "a: ", "b: "))
        match self.chance.randrange(4):
            case 0:
                return "answer"
            case 1:
                return f"{key}__schema{self.directive()} {self.selection('__Schema', depth)}"
            case 2:
                return f"{key}__type(name: $name){self.directive()} {self.selection('__Type', depth)}"
            case _:
                name = self.chance.choice(NAMES)
                return f'{key}__type(name: "{name}") {self.selection("__Type", depth)}'

    def selection(self, of: str, depth: int) -> str:
        parts = [self.part(of, depth) for _ in range(self.chance.randrange(1, 5))]
        return "{ " + " ".join(["__typename", *parts]) + " }"

    def part(self, of: str, depth: int) -> str:
        roll = self.chance.random()
        if roll < 0.1:
            condition = self.chance.choice(("", f" on {of}"))
            return f"...{condition}{self.directive()} {self.selection(of, depth)}"
        if roll < 0.2:
            name = f"F{len(self.fragments)}"
            self.fragments.append("")
            self.fragments[int(name[1:])] = f" fragment {name} on {of} {self.selection(of, depth)}"
            return f"...{name}{self.directive()}"
        meta = introspection_types[of]
        assert isinstance(meta, GraphQLObjectType)
        leaves = [name for name, one in meta.fields.items() if is_leaf_type(get_named_type(one.type))]
        name = self.chance.choice(list(meta.fields) if depth else leaves)
        field = meta.fields[name]
        alias = self.chance.choice(("", "", "", f"other_{name}: "))
        arguments = ""
        if field.args and not alias:
            arguments = "(includeDeprecated: true)"
        elif field.args:
            choices = ("", "(includeDeprecated: false)", "(includeDeprecated: $yes)")
            arguments = choices[len(name) % 3]
        inner = get_named_type(field.type)
        below = "" if is_leaf_type(inner) else f" {self.selection(inner.name, depth - 1)}"
        return f"{alias}{name}{arguments}{self.directive()}{below}"

    def directive(self) -> str:
        if self.chance.random() < 0.85:
            return ""
        return self.chance.choice((" @skip(if: $no)", " @include(if: $yes)", " @include(if: $no)"))


async def assert_answered_as_by_graphql_core(text: str, counters: Counters) -> None:
    """Run an operation whose only other field is `answer`."""
    schema, document = GRAPH.api_schema, parse(text)
    operation = ClientOperation.of(text, schema)
    given_values = {name: value for name, value in VARIABLES.items() if f"${name}:" in text}
    expected = execute_sync(schema, document, {"answer": 42}, variable_values=given_values)
    assert expected.errors is None
    variables = get_variable_values(schema, operation.definition.variable_definitions or (), given_values)
    assert not isinstance(variables, list)
    fetch = 'QueryPlan { Fetch(service: "a") { { answer } } }' if "answer" in text else "QueryPlan {}"
    result = await both(
        parse_plan(fetch),
        operation,
        schema=GRAPH.schema,
        api_schema=schema,
        variables=variables.coerced,
        send=canned(a={"data": {"answer": 42}}).send,
        counters=counters,
    )
    assert repr(result.data) == repr(expected.data)


@given(st.integers(0, 1_000_000), st.integers(1, 4))
@settings(max_examples=80, deadline=None)
async def test_random_introspection(seed: int, depth: int) -> None:
    text = Writer(seed).operation(depth)
    assume(not validate(GRAPH.api_schema, parse(text)))
    await assert_answered_as_by_graphql_core(text, Counters())


async def test_the_query_that_tools_send() -> None:
    counters = Counters()
    full = get_introspection_query(
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )
    for text in (get_introspection_query(), full, full.replace("{\n", "{ answer ", 1)):
        await assert_answered_as_by_graphql_core(text, counters)
    assert (counters.executions_compiled, counters.executions_interpreted) == (3, 0)


async def test_what_variables_decide_is_answered_in_advance_too() -> None:
    counters = Counters()
    text = 'query($yes: Boolean!) { __type(name: "Thing") { fields(includeDeprecated: $yes) { name } } }'
    await assert_answered_as_by_graphql_core(text, counters)
    assert counters.executions_compiled == 1
