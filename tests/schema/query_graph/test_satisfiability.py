"""Every query of the API schema must be answerable; where one is not, there is a query to show it."""

import pytest
from graphql import build_schema, parse, validate

from plait_schema.composition import compose
from plait_schema.composition.witness import Step, witness
from plait_schema.diagnostics import Diagnostic
from tests.schema.query_graph.graphs import sources


def errors(**subgraphs: str) -> list[Diagnostic]:
    found = compose(sources(**subgraphs)).diagnostics
    return [diagnostic for diagnostic in found if diagnostic.code == "SATISFIABILITY_ERROR"]


def test_the_witness_says_what_to_ask_and_why_nobody_answers() -> None:
    (error,) = errors(
        courses="""type Query { hit(id: ID!, filter: Filter!, words: [String!]!): Hit }
        input Filter { level: Level! note: String } enum Level { LOW HIGH }
        union Hit = Course | Path type Course @shareable { id: ID! } type Path { id: ID! }""",
        catalog="""type Query { offer: Course }
        type Course @shareable { id: ID! price: Price } type Price { eur: Int }""",
    )
    assert error.coordinate == "Course.price"
    assert error.subgraphs == ("catalog", "courses")
    assert (
        error.message
        == """\
Course.price cannot be fetched in a query such as

query {
  hit(id: "1", filter: {level: LOW}, words: []) {
    ... on Course {
      price {
        __typename
      }
    }
  }
}

No subgraph can be asked for it there:
- from subgraph "courses": it does not resolve Course.price.
- into subgraph "catalog": Course has no @key there."""
    )


@pytest.mark.parametrize(
    ("subgraphs", "reason"),
    [
        (
            {
                "a": 'type Query { t: T } type T @key(fields: "id") { id: ID! }',
                "b": 'type T @key(fields: "id", resolvable: false) { id: ID! x: Int }',
            },
            'into subgraph "b": the @key of T ("id") is not resolvable there.',
        ),
        (
            {
                "a": 'type Query { t: T } type T @key(fields: "id") { id: ID! }',
                "b": 'type T @key(fields: "code") { id: ID! @shareable code: ID! }',
            },
            'into subgraph "b": no @key of T there ("code") can be fetched from where the query is.',
        ),
        (
            {
                "a": """type Query { t: T }
                type T @key(fields: "id") { id: ID! y: Int @external x: Int @requires(fields: "y") }""",
                "b": """type T @key(fields: "id") {
                  id: ID! x: Int @external y: Int @requires(fields: "x")
                }""",
            },
            'into subgraph "a": the field requires "y", which cannot be fetched from there.',
        ),
        (
            {
                "a": """type Query { t: T }
                type T @key(fields: "id") { id: ID! x: Int @override(from: "b", label: "l") }""",
                "b": 'type Query { u: T } type T @key(fields: "id", resolvable: false) { id: ID! x: Int }',
            },
            'into subgraph "a": the field is overridden there (label "l").',
        ),
        (
            {
                "a": """type Query { i: I } type I @key(fields: "id") @interfaceObject { id: ID! }""",
                "b": """interface I @key(fields: "id", resolvable: false) { id: ID! }
                type T implements I @key(fields: "id") { id: ID! x: Int }""",
            },
            'into subgraph "b": no @key of T there ("id") can be fetched from where the query is.',
        ),
    ],
)
def test_every_subgraph_with_the_field_has_its_reason(subgraphs: dict[str, str], reason: str) -> None:
    messages = [error.message for error in errors(**subgraphs)]
    assert any(f"- {reason}" in message for message in messages), messages


def test_with_a_label_the_new_owner_must_be_reachable_too() -> None:
    (error,) = errors(
        a="""type Query { t: T }
        type T @key(fields: "id", resolvable: false) { id: ID! x: Int @override(from: "b", label: "l") }""",
        b='type Query { u: T } type T @key(fields: "id") { id: ID! x: Int }',
    )
    assert 'when the @override labels "l" are active' in error.message


def test_inaccessible_fields_need_no_way() -> None:
    assert not errors(
        a="type Query { t: T } type T @shareable { id: ID! }",
        b="type Query { u: T } type T @shareable { id: ID! x: Int @inaccessible }",
    )


def test_witnesses_are_valid_operations() -> None:
    schema = build_schema("""
        type Query { a: Int }
        type Mutation { find(id: ID!, in: In!, all: [Int!]!, level: Level!, top: Int = 3): Found }
        input In { level: Level! note: String } enum Level { LOW HIGH }
        interface Found { id: ID! }
        type Course implements Found { id: ID! price: Price }
        type Price { eur: Int }
    """)
    path = (Step("Mutation", "Mutation", "find"), Step("Found", "Course", "price"))
    query = witness(schema, path)
    assert 'find(id: "1", in: {level: LOW}, all: [], level: LOW)' in query
    assert not validate(schema, parse(query)), query


def test_many_subgraphs_that_share_everything_are_no_matter() -> None:
    """The positions looked at are as many as there are types, not as there are sets of subgraphs."""

    def type_in(subgraph: int, number: int) -> str:
        following = (number + 1) % 5
        return (
            f'type T{number} @key(fields: "id") '
            f"{{ id: ID! own{subgraph}: Int f: Int @shareable t: T{following} @shareable }}"
        )

    subgraphs = {
        f"s{n}": "type Query { t0: T0 @shareable }\n" + "\n".join(type_in(n, t) for t in range(5))
        for n in range(20)
    }
    assert not errors(**subgraphs)


MUTATIONS = {
    "a": """type Query { q: Int } type Mutation { enroll: Enrollment @shareable }
        type Enrollment @shareable { id: ID! }""",
    "b": """type Mutation { enroll: Enrollment @shareable }
        type Enrollment @shareable { id: ID! seat: Int room: Int }""",
}


def test_of_the_subgraphs_that_may_run_a_mutation_one_must_do() -> None:
    assert errors(**MUTATIONS) == []


def test_a_mutation_is_not_run_twice_to_bring_all_together() -> None:
    divided = {**MUTATIONS, "a": MUTATIONS["a"].replace("{ id: ID! }", "{ id: ID! fee: Int }")}
    assert [error.coordinate for error in errors(**divided)] == ["Enrollment.fee"]


def test_a_query_is_brought_together_from_both() -> None:
    divided = {
        "a": "type Query { enrolled: E @shareable } type E { id: ID! @shareable fee: Int }",
        "b": "type Query { enrolled: E @shareable } type E { id: ID! @shareable seat: Int }",
    }
    assert errors(**divided) == []
