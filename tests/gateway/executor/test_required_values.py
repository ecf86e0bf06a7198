"""A required value that cannot be had takes with it only what requires it."""

from plait_gateway.clients import SubgraphUnreachable
from tests.gateway.executor.planned import run
from tests.gateway.executor.world import errors_of, in_process

_LINK = """
    extend schema
      @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@external", "@requires"])
"""
SHOP = {
    "carts": _LINK + 'type Query { cart: Product } type Product @key(fields: "id") { id: ID! }',
    "products": _LINK + 'type Product @key(fields: "id") { id: ID!  weight: Int }',
    "stock": _LINK
    + """
        type Product @key(fields: "id") {
          id: ID!  weight: Int @external  inStock: Boolean  shipping: Int @requires(fields: "weight")
        }
    """,
}


async def test_what_requires_nothing_is_there_when_the_required_value_failed() -> None:
    result, _ = await run(
        "{ cart { inStock shipping } }",
        SHOP,
        {
            "carts": in_process(
                "type Query { cart: Product } type Product { id: ID! }", {"cart": {"id": "1"}}
            ),
            "products": lambda _: SubgraphUnreachable("products", "is down"),
            "stock": in_process(
                "type Query { a: Int } type Product { id: ID!  inStock: Boolean  shipping: Int }",
                {},
                {"Product": lambda _: {"inStock": True, "shipping": 5}},
            ),
        },
    )
    assert result.data == {"cart": {"inStock": True, "shipping": None}}
    assert [subgraph for _, _, subgraph in errors_of(result)] == ["products"]


async def test_a_list_with_a_failed_item_is_not_sent() -> None:
    result, _ = await run(
        "{ cart { total } }",
        {
            "carts": _LINK
            + 'type Query { cart: Cart } type Cart @key(fields: "id") { id: ID! prices: [Int] }',
            "totals": _LINK
            + """
                type Cart @key(fields: "id") {
                  id: ID!  prices: [Int] @external  total: Int @requires(fields: "prices")
                }
            """,
        },
        {
            "carts": lambda _: {"data": {"cart": {"id": "1", "prices": [5, "?"]}}},
            "totals": lambda _: {"data": {"_entities": [{"total": 5}]}},
        },
    )
    assert result.data == {"cart": {"total": None}}
    assert [subgraph for _, _, subgraph in errors_of(result)] == ["carts"]
