"""Supergraphs of any composer: what is read, what clients see, and what is refused."""

from pathlib import Path

import pytest
from graphql import print_schema

from plait_schema.federation.field_set import print_field_set
from plait_schema.supergraph import SupergraphError, read_supergraph

HEAD = """\
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)
{ query: Query }

directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @inaccessible on FIELD_DEFINITION | ENUM_VALUE | OBJECT | ARGUMENT_DEFINITION
scalar link__Import
scalar join__FieldSet
enum link__Purpose { SECURITY EXECUTION }
enum join__Graph {
  USERS @join__graph(name: "users", url: "http://users.example/graphql")
  BILLING @join__graph(name: "billing.v2", url: "http://billing.example/graphql")
}
"""

BODY = """\
type Query @join__type(graph: USERS) @join__type(graph: BILLING) {
  user(id: ID!, hidden: Int @inaccessible): User @join__field(graph: USERS, provides: "plan")
}

type User @join__type(graph: USERS, key: "id") @join__type(graph: BILLING, key: "id", resolvable: false) {
  id: ID!
  name: String @join__field(graph: USERS) @deprecated(reason: "Use id.")
  plan: Plan @join__field(graph: USERS, external: true) @join__field(graph: BILLING, type: "Plan!")
  spent: Int
    @inaccessible
    @join__field(graph: BILLING, requires: "plan", override: "users", overrideLabel: "l")
}

enum Plan @join__type(graph: USERS) @join__type(graph: BILLING) {
  FREE @join__enumValue(graph: USERS)
  PAID @join__enumValue(graph: USERS)
  OLD @inaccessible @join__enumValue(graph: BILLING)
}
"""


def test_subgraphs_are_named_as_the_composer_was_told() -> None:
    supergraph = read_supergraph(HEAD + BODY)
    assert {name: endpoint.url for name, endpoint in supergraph.subgraphs.items()} == {
        "billing.v2": "http://billing.example/graphql",
        "users": "http://users.example/graphql",
    }


def test_fields_say_what_each_subgraph_has_of_them() -> None:
    fields = read_supergraph(HEAD + BODY).fields["User"]
    assert list(fields["id"]) == ["billing.v2", "users"]
    assert list(fields["name"]) == ["users"]
    assert fields["plan"]["users"].external
    spent = fields["spent"]["billing.v2"]
    assert spent.requires is not None
    assert print_field_set(spent.requires) == "plan"
    assert (spent.override, spent.override_label) == ("users", "l")


def test_keys_keep_whether_they_are_resolvable() -> None:
    types = read_supergraph(HEAD + BODY).types["User"]
    assert [key.resolvable for key in types["users"].keys] == [True]
    assert [key.resolvable for key in types["billing.v2"].keys] == [False]


def test_clients_see_neither_machinery_nor_inaccessible_elements() -> None:
    supergraph = read_supergraph(HEAD + BODY)
    assert (
        print_schema(supergraph.api_schema)
        == """\
type Query {
  user(id: ID!): User
}

type User {
  id: ID!
  name: String @deprecated(reason: "Use id.")
  plan: Plan
}

enum Plan {
  FREE
  PAID
}"""
    )
    assert "spent" in supergraph.schema.type_map["User"].fields  # type: ignore[attr-defined]  # an object type


def test_the_join_specification_may_have_another_name() -> None:
    renamed = (HEAD + BODY).replace("join/v0.5", 'join/v0.5", as: "j').replace("join__", "j__")
    assert read_supergraph(renamed).fields["User"]["name"].keys() == {"users"}


def test_an_interface_has_the_types_of_its_subgraph() -> None:
    text = (
        HEAD
        + """
    type Query @join__type(graph: USERS) { any: Any }
    interface Any @join__type(graph: USERS, key: "id")
      @join__type(graph: BILLING, key: "id", isInterfaceObject: true) { id: ID! }
    type A implements Any
      @join__implements(graph: USERS, interface: "Any") @join__type(graph: USERS) { id: ID! }
    type B implements Any @join__type(graph: USERS) { id: ID! }
    """
    )
    possible = read_supergraph(text).possible_types["Any"]
    assert possible == {"users": frozenset({"A"}), "billing.v2": frozenset({"A", "B"})}


class TestFederation1:
    """join v0.1, as the first federation gateways had it."""

    supergraph = read_supergraph((Path(__file__).parent / "federation_1.graphql").read_text())

    def test_the_owner_has_what_says_nothing_else(self) -> None:
        fields = self.supergraph.fields["Product"]
        assert list(fields["size"]) == ["catalog"]
        assert list(fields["reviews"]) == ["reviews"]

    def test_a_keys_fields_are_everywhere_the_key_is(self) -> None:
        assert list(self.supergraph.fields["Product"]["upc"]) == ["catalog", "reviews", "stock"]

    def test_value_types_and_interfaces_are_everywhere(self) -> None:
        assert list(self.supergraph.fields["Size"]["width"]) == ["catalog", "reviews", "stock"]
        assert self.supergraph.possible_types["Item"]["stock"] == {"Product"}


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("type Query {", "INVALID_GRAPHQL", (1, 13)),
        ("", "INVALID_GRAPHQL", (1, 1)),
        ("type Query { a: Int }", "INVALID_FEDERATION_SUPERGRAPH", None),
        ("{ a }", "INVALID_FEDERATION_SUPERGRAPH", (1, 1)),
        (HEAD.replace("v0.5", "v0.9"), "UNSUPPORTED_FEATURE", (3, 3)),
        (HEAD.replace("inaccessible/", "invisible/"), "UNSUPPORTED_FEATURE", (4, 3)),
        (HEAD.replace("join/v0.5", "join"), "INVALID_FEDERATION_SUPERGRAPH", (3, 3)),
        (HEAD.replace('"billing.v2"', '"users"') + BODY, "INVALID_FEDERATION_SUPERGRAPH", (14, 3)),
        (HEAD.replace("join__Graph", "Graph") + BODY, "INVALID_FEDERATION_SUPERGRAPH", None),
        (HEAD + BODY.replace("USERS", "NOBODY"), "INVALID_FEDERATION_SUPERGRAPH", (16, 12)),
        (HEAD + BODY.replace('key: "id"', 'key: "id {"'), "INVALID_FEDERATION_SUPERGRAPH", (20, 11)),
        (HEAD + BODY.replace('"Plan!"', '"[Plan"'), "INVALID_FEDERATION_SUPERGRAPH", (23, 57)),
        (HEAD + BODY.replace(": Plan ", ": Missing "), "INVALID_GRAPHQL", None),
        (HEAD + BODY.replace('key: "id"', 'key: "nr"'), "INVALID_FEDERATION_SUPERGRAPH", None),
        (HEAD + BODY.replace('"plan"', '"plan { a }"'), "INVALID_FEDERATION_SUPERGRAPH", None),
        (HEAD + BODY.replace('"plan"', '"... on User { a }"'), "INVALID_FEDERATION_SUPERGRAPH", None),
        (HEAD + BODY.replace('"Plan!"', '"Missing"'), "INVALID_FEDERATION_SUPERGRAPH", None),
    ],
)
def test_bad_input_is_an_error_with_a_place(text: str, code: str, place: tuple[int, int] | None) -> None:
    with pytest.raises(SupergraphError) as raised:
        read_supergraph(text)
    assert raised.value.code == code, raised.value.message
    assert [(at.line, at.column) for at in raised.value.locations] == ([place] if place else [])


@pytest.mark.parametrize(
    "folder", ["federation/suites/*/supergraph.graphql", "composition/reference/*.graphql"]
)
def test_supergraphs_of_another_composer_are_read(folder: str) -> None:
    conformance = Path(__file__).resolve().parents[4] / "shared" / "conformance"
    if not conformance.is_dir():
        pytest.skip("the shared conformance folder is not beside the repository")
    files = sorted(conformance.glob(folder))
    assert files
    for file in files:
        assert read_supergraph(file.read_text()).subgraphs, file.name
