"""A graph of three subgraphs with data, and twelve ways to break one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from plait_gateway.asgi import ASGIApp
from tests.gateway.subgraph_app import subgraph_app

_LINK: Final = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external"])\n'
)
_USERS: Final = """\
type Query { me: User }
type User @key(fields: "id") { id: ID! name: String! }
"""
_PRODUCTS: Final = """\
type Query {
  search(filter: Filter!): [Found!]!
  named: [Named!]!
  byKind(kind: Kind!): [Product!]!
}
type Product implements Named @key(fields: "id") {
  id: ID!
  name: String!
  title: String!
  price(currency: String = "EUR"): Int!
  legacy: String
}
interface Named { name: String! }
type Voucher { code: String! }
union Found = Product | Voucher
input Filter { words: String! limit: Int }
enum Kind { BOOK TOY }
"""
_REVIEWS: Final = """\
type Query { latest: [Review!]! }
type Review { text: String! author: User product: Product }
type User @key(fields: "id") { id: ID! reviews: [Review!]! }
type Product @key(fields: "id") { id: ID! reviews: [Review!]! }
"""
SDL: Final[Mapping[str, str]] = {
    "users": _LINK + _USERS,
    "products": _LINK + _PRODUCTS,
    "reviews": _LINK + _REVIEWS,
}

_KEY: Final = "directive @key(fields: String!, resolvable: Boolean = true) repeatable on OBJECT\n"
_REVIEW: Final = {"text": "Good.", "author": {"id": "1"}, "product": {"id": "7"}}
_PRODUCT: Final = {"id": "7", "name": "Loom", "title": "A loom", "price": 300, "legacy": "x"}


def subgraphs() -> Mapping[str, ASGIApp]:
    """Each subgraph as an app that answers."""
    return {
        "users": subgraph_app(
            _KEY + _USERS,
            {
                "Query.me": lambda *_: {"id": "1", "name": "Ada"},
                "Entity.User": lambda item: {"id": item["id"], "name": "Ada"},
            },
        ),
        "products": subgraph_app(
            _KEY + _PRODUCTS,
            {
                "Query.search": lambda *_, **__: [
                    {"__typename": "Product", **_PRODUCT},
                    {"__typename": "Voucher", "code": "V"},
                ],
                "Query.named": lambda *_: [{"__typename": "Product", **_PRODUCT}],
                "Query.byKind": lambda *_, **__: [_PRODUCT],
                "Product.price": lambda *_, **__: 300,
                "Entity.Product": lambda item: {**_PRODUCT, "id": item["id"]},
            },
        ),
        "reviews": subgraph_app(
            _KEY + _REVIEWS,
            {
                "Query.latest": lambda *_: [_REVIEW],
                "Entity.User": lambda item: {"id": item["id"], "reviews": [_REVIEW]},
                "Entity.Product": lambda item: {"id": item["id"], "reviews": [_REVIEW]},
            },
        ),
    }


ACROSS: Final = 'query Across { me { name reviews { text product { title price(currency: "EUR") } } } }'
ACROSS_DATA: Final = {
    "me": {"name": "Ada", "reviews": [{"text": "Good.", "product": {"title": "A loom", "price": 300}}]}
}
SEARCH: Final = """query Search {
  search(filter: { words: "loom" }) {
    __typename
    ... on Product { id ... on Named { name } }
    ... on Voucher { code }
  }
  byKind(kind: BOOK) { name }
}"""
SEARCH_DATA: Final = {
    "search": [{"__typename": "Product", "id": "7", "name": "Loom"}, {"__typename": "Voucher", "code": "V"}],
    "byKind": [{"name": "Loom"}],
}
OLD: Final = "query Old { byKind(kind: BOOK) { legacy } }"
OLD_DATA: Final = {"byKind": [{"legacy": "x"}]}


@dataclass(frozen=True, slots=True)
class Breakage:
    """A change of the subgraph `products`, and what a check says of it."""

    code: str
    old: str
    new: str

    @property
    def sdl(self) -> str:
        assert self.old in SDL["products"]
        return SDL["products"].replace(self.old, self.new)


_SHARED: Final = 'type User @key(fields: "id") { id: ID! name: String! }\n'

BREAKAGES: Final = (
    Breakage("FIELD_REMOVED", "  legacy: String\n", ""),
    Breakage("FIELD_CHANGED_TYPE", "title: String!", "title: String"),
    Breakage("REQUIRED_ARG_ADDED", '(currency: String = "EUR")', "(currency: String, at: Int!)"),
    Breakage("ARG_REMOVED", '(currency: String = "EUR")', ""),
    Breakage("VALUE_REMOVED_FROM_ENUM", "BOOK TOY", "TOY"),
    Breakage("TYPE_REMOVED_FROM_UNION", "Found = Product | Voucher", "Found = Product"),
    Breakage("IMPLEMENTED_INTERFACE_REMOVED", "type Product implements Named", "type Product"),
    Breakage("REQUIRED_INPUT_FIELD_ADDED", "limit: Int }", "limit: Int place: Int! }"),
    Breakage("INVALID_GRAPHQL", "interface Named {", "interface Named"),
    Breakage(
        "SATISFIABILITY_ERROR", '"id") {\n  id: ID!\n  name', '"id", resolvable: false) {\n  id: ID!\n  name'
    ),
    Breakage("INVALID_FIELD_SHARING", "type Voucher", f"{_SHARED}type Voucher"),
    Breakage("EXTERNAL_UNUSED", "code: String!", "code: String! other: Int @external"),
)
