"""What operations cost, and that nobody is asked for what costs too much."""

from typing import Any

import pytest
from graphql import parse

from plait_gateway.pipeline.expense import Budget
from plait_gateway.planner import Operation
from plait_schema.composition import compose
from plait_schema.subgraph import SubgraphSource
from plait_schema.supergraph import read_supergraph

SDL = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@cost", "@listSize"])
type Query {
  user: User
  named: Named
  users(first: Int! = 20): Users @listSize(
    assumedSize: 5, slicingArguments: ["first"], sizedFields: ["nodes"], requireOneSlicingArgument: false
  )
  some: [User!] @listSize(assumedSize: 3)
  near(place: String @cost(weight: 3), limit: Int): [User!]
  search(limit: Int): [User] @listSize(slicingArguments: ["limit"], requireOneSlicingArgument: false)
}
type Mutation { hash: User @cost(weight: 50)  touch: User }
type Users { nodes: [User!]!  total: Int! }
interface Named { name: String }
type User implements Named { name: String  friends: [User!]!  portrait: Picture  score: Int @cost(weight: 7) }
type Picture @cost(weight: 4) { url: String }
"""


@pytest.fixture(scope="module")
def budget() -> Budget:
    composition = compose([SubgraphSource("users", "http://users.example", SDL)])
    assert composition.supergraph_sdl is not None, composition.diagnostics
    supergraph = read_supergraph(composition.supergraph_sdl)
    return Budget(supergraph.api_schema, supergraph.costs, most=0, list_size=10)


def cost(budget: Budget, document: str, **variables: Any) -> str | None:
    refuse = budget.refusing(Operation.from_document(parse(document), None))
    refused = None if refuse is None else refuse(variables)
    return None if refused is None else refused.errors[0].message.split()[6].rstrip(";")


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("{ user { name } }", "1"),
        ("{ user { __typename name score } }", "8"),
        ("{ user { portrait { url } } }", "5"),
        ("{ named { name ... on User { score } } }", "8"),
        ("{ user { ... @include(if: true) { score } } }", "8"),
        ("{ some { name } }", "3"),
        ("{ user { friends { friends { name } } } }", str(1 + 10 * (1 + 10))),
        ("{ users { total nodes { name } } }", str(1 + 20)),
        ("{ users(first: 7) { nodes { name } } }", str(1 + 7)),
        ("{ users(first: 7) { nodes { friends { name } } } }", str(1 + 7 * (1 + 10))),
        ("{ search(limit: 100) { name } }", "100"),
        ("{ search { name } }", "10"),
        ('{ near(place: "x", limit: 1) { name } }', str(10 + 3)),
        ("{ a: some { name } b: some { name } }", "6"),
        ("{ ...f ...f } fragment f on Query { some { ... on User { name score } } }", str(2 * 3 * 8)),
        ("mutation { hash { name } touch { name } }", str(10 + 50 + 10 + 1)),
    ],
)
def test_what_an_operation_costs(budget: Budget, document: str, expected: str) -> None:
    assert cost(budget, document) == expected


def test_variables_say_how_many(budget: Budget) -> None:
    document = """query ($first: Int! = 3, $limit: Int) {
      users(first: $first) { nodes { name } } search(limit: $limit) { name }
    }"""
    assert cost(budget, document, first=100, limit=50) == str(1 + 100 + 50)
    assert cost(budget, document, first=3, limit=-5) == str(1 + 3)
    assert cost(budget, document, first=3, limit=None) == str(1 + 3 + 10)


def test_a_circle_of_lists_and_fragments_that_spread_each_other_are_counted_at_once(budget: Budget) -> None:
    circle = "{ user { " + "friends { " * 60 + "name" + " }" * 60 + " } }"
    assert cost(budget, circle) == "more"
    spreads = "".join(f"fragment f{n} on User {{ ...f{n + 1} ...f{n + 1} }} " for n in range(50))
    document = "{ some { ...f0 } } " + spreads + "fragment f50 on User { score }"
    assert cost(budget, document) == "more"


def test_whatever_is_repeated_with_variables_is_worked_out_at_once(budget: Budget) -> None:
    fields = " ".join(f"a{number}: search(limit: $n) {{ name }}" for number in range(2000))
    assert cost(budget, f"query ($n: Int) {{ {fields} }}", n=3) == str(2000 * 3)
    doubled = "".join(
        f"fragment f{n} on User {{ a: friends {{ ...f{n + 1} }} b: friends {{ ...f{n + 1} }} }} "
        for n in range(60)
    )
    document = (
        f"query ($n: Int) {{ search(limit: $n) {{ ...f0 }} }} {doubled} fragment f60 on User {{ score }}"
    )
    assert cost(budget, document, n=1) == "more"
    assert cost(budget, document, n=0) is None


def test_what_is_cheap_is_not_looked_at_again(budget: Budget) -> None:
    rich = Budget(budget.schema, budget.costs, most=11, list_size=10)
    assert rich.refusing(Operation.from_document(parse("{ user { friends { name } } }"), None)) is None
    assert cost(rich, "query ($n: Int) { search(limit: $n) { name } }", n=11) is None
    assert cost(rich, "query ($n: Int) { search(limit: $n) { name } }", n=12) == "12"
