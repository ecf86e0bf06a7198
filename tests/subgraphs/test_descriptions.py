"""Whoever explores the graph reads what each part of it is."""

from pathlib import Path

import pytest
from graphql import build_schema

import subgraphs
from plait_schema.supergraph import read_supergraph
from subgraphs.kernel.graphql.descriptions import describe, described_parts

_SUPERGRAPH = Path(subgraphs.__file__).with_name("supergraph.graphql")


def test_every_part_of_the_graph_has_a_description() -> None:
    graph = read_supergraph(_SUPERGRAPH.read_text(encoding="utf-8")).api_schema
    parts = dict(described_parts(graph))
    assert len(parts) > 1000
    assert [coordinate for coordinate, part in parts.items() if not part.description] == []


_SDL = """
type Query { "Its own." greeting(id: ID, userId: ID): String "All." old: Colour }
type Mutation { greet(input: GreetInput!): GreetPayload }
type GreetPayload { user: User version: String errors: [String!]! }
type User { id: ID! name: String }
input GreetInput { userId: ID! text: String }
enum Colour { RED GREEN }
"""


def test_a_table_describes_what_says_nothing_itself_and_what_is_usual_is_described_as_ever() -> None:
    schema = build_schema(_SDL)
    describe(
        schema, {"Colour.RED": "As blood.", "Query.greeting(id:)": "Whose.", "GreetPayload.user": "Who."}
    )
    found = {coordinate: part.description for coordinate, part in described_parts(schema)}
    assert found == {
        "Query": "What can be asked.",
        "Query.greeting": "Its own.",
        "Query.greeting(id:)": "Whose.",
        "Query.greeting(userId:)": "Which user, by its id.",
        "Query.old": "All.",
        "Mutation": "What can be done. A refusal that is to be expected is in the payload's `errors`.",
        "Mutation.greet": None,
        "Mutation.greet(input:)": "All that it needs.",
        "GreetPayload": "What comes of `greet`.",
        "GreetPayload.user": "Who.",
        "GreetPayload.version": "For `minVersion` of later queries; null when there is nothing to wait for.",
        "GreetPayload.errors": "Why nothing was changed; empty when it was.",
        "User": None,
        "User.id": "Its id, which never changes.",
        "User.name": None,
        "GreetInput": "What `greet` needs.",
        "GreetInput.userId": "Which user, by its id.",
        "GreetInput.text": None,
        "Colour": None,
        "Colour.RED": "As blood.",
        "Colour.GREEN": None,
    }


@pytest.mark.parametrize("coordinate", ["Query.greeting", "Query.nothing", "Nobody", "Colour.BLUE"])
def test_a_description_of_nothing_or_a_second_one_is_a_mistake(coordinate: str) -> None:
    with pytest.raises(TypeError, match=coordinate):
        describe(build_schema(_SDL), {coordinate: "?"})
