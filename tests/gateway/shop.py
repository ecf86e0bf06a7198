"""A graph of two subgraphs for tests: products with prices, and their stock from elsewhere."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from plait_gateway.asgi import ASGIApp
from tests.gateway.subgraph_app import subgraph_app

SUPERGRAPH = Path(__file__).with_name("shop.graphql").read_text()

PRODUCTS = """\
type Query { products(filter: Filter): [Product!]!  whoAmI: String }
type Mutation { rename(id: ID!, name: String!): Product }
type Product { id: ID!  name: String!  related: [Product!]! }
input Filter { name: String  limit: Int! = 10 }
"""

STOCK = """\
type Product { id: ID!  left: Int }
"""

#: What a client asks that concerns both subgraphs, and the answer.
ACROSS = "{ products { name left } }"
ACROSS_DATA = {"products": [{"name": "Spade", "left": 3}, {"name": "Rake", "left": 0}]}


def shop(**replaced: ASGIApp) -> dict[str, ASGIApp]:
    """The subgraphs' apps by name; any of them can be replaced."""
    return {"products": _products(), "stock": _stock(), **replaced}


def _products() -> ASGIApp:
    names = {"1": "Spade", "2": "Rake"}

    def product(number: str) -> dict[str, Any]:
        return {"id": number, "name": names[number], "related": lambda _info: map(product, sorted(names))}

    def products(_root: object, _info: object, filter: Mapping[str, Any] | None = None) -> list[Any]:  # noqa: A002
        wanted = (filter or {}).get("name")
        limit = (filter or {}).get("limit", 10)
        return [product(number) for number in names if wanted in (None, names[number])][:limit]

    def rename(_root: object, _info: object, id: str, name: str) -> dict[str, Any]:  # noqa: A002
        names[id] = name
        return product(id)

    def who_am_i(_root: object, info: Any) -> str:
        seen = ("authorization", "cookie", "x-request-id", "x-forwarded-for")
        return " ".join(f"{name}={info.context[name]}" for name in seen if name in info.context)

    return subgraph_app(
        PRODUCTS,
        {
            "Query.products": products,
            "Query.whoAmI": who_am_i,
            "Mutation.rename": rename,
            "Entity.Product": lambda item: product(item["id"]) if item["id"] in names else None,
        },
    )


def _stock() -> ASGIApp:
    left = {"1": 3, "2": 0}
    return subgraph_app(
        STOCK, {"Entity.Product": lambda item: {"id": item["id"], "left": left.get(item["id"])}}
    )
