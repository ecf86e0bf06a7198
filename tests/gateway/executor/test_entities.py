"""Entity fetches: representations out, entities in, whatever stands where."""

import pytest

from plait_gateway.clients import SubgraphRequest
from tests.gateway.executor.world import Graph, Subgraphs, canned, errors_of, in_process, response_of

SHOP = Graph.of(
    """
    type Query { topProducts: [Product]  cart: Cart }
    type Cart { best: Product  items: [[Product]] }
    type Product { upc: String  name: String  price: Int  weight: Int  shipping: Int  reviews: [Review!] }
    type Review { body: String!  stars: Int }
    """
)
REVIEWS_OF_TOP_PRODUCTS = """
QueryPlan {
  Sequence {
    Fetch(service: "products") {
      { topProducts { __typename upc } }
    },
    Flatten(path: "topProducts.@") {
      Fetch(service: "reviews") {
        { ... on Product { __typename upc } } =>
        { ... on Product { reviews { body } } }
      },
    },
  },
}
"""


def products(*items: object) -> dict[str, object]:
    return {"data": {"topProducts": list(items)}}


def product(upc: object) -> dict[str, object]:
    return {"__typename": "Product", "upc": upc}


def one_review_each(request: SubgraphRequest) -> dict[str, object]:
    entities = [{"reviews": [{"body": f"of {one['upc']}"}]} for one in request.variables["representations"]]
    return {"data": {"_entities": entities}}


async def test_entities_are_merged_where_they_stand_and_internal_fields_do_not_show() -> None:
    subgraphs = canned(products=products(product("1"), product("2")), reviews=one_review_each)
    result = await SHOP.run("{ topProducts { reviews { body } } }", REVIEWS_OF_TOP_PRODUCTS, subgraphs)
    assert response_of(result) == {
        "data": {"topProducts": [{"reviews": [{"body": "of 1"}]}, {"reviews": [{"body": "of 2"}]}]}
    }
    assert result.subgraph_requests == 2


async def test_equal_representations_are_sent_once_in_the_order_of_the_response() -> None:
    subgraphs = canned(
        products=products(product("2"), product("1"), product("2"), product("1")), reviews=one_review_each
    )
    result = await SHOP.run("{ topProducts { upc reviews { body } } }", REVIEWS_OF_TOP_PRODUCTS, subgraphs)
    assert subgraphs.representations("reviews") == [[product("2"), product("1")]]
    assert result.data is not None
    assert [one["reviews"][0]["body"] for one in result.data["topProducts"]] == ["of 2", "of 1"] * 2


async def test_one_and_true_are_different_keys() -> None:
    plan = REVIEWS_OF_TOP_PRODUCTS
    subgraphs = canned(products=products(product(1), product(True), product(1.5)), reviews=one_review_each)
    await Graph.of(
        """
        type Query { topProducts: [Product] }
        scalar Any
        type Product { upc: Any  reviews: [Review!] }
        type Review { body: String! }
        """
    ).run("{ topProducts { reviews { body } } }", plan, subgraphs)
    assert [one["upc"] for one in subgraphs.representations("reviews")[0]] == [1, True, 1.5]


async def test_a_key_is_sent_as_its_type_has_it_or_not_at_all() -> None:
    """What is wrong in one subgraph's answer does not reach another subgraph."""
    subgraphs = canned(
        products=products({"__typename": "Product", "id": 7}, {"__typename": "Product", "id": {}}),
        names={"data": {"_entities": [{"name": "seven"}]}},
    )
    graph = Graph.of("type Query { topProducts: [Product] }  type Product { id: ID!  name: String }")
    plan = """QueryPlan { Sequence {
        Fetch(service: "products") { { topProducts { __typename id } } }
        Flatten(path: "topProducts.@") {
          Fetch(service: "names") { { ... on Product { __typename id } } => { ... on Product { name } } }
        }
    } }"""
    result = await graph.run("{ topProducts { name } }", plan, subgraphs)
    assert subgraphs.representations("names") == [[{"__typename": "Product", "id": "7"}]]
    assert result.data == {"topProducts": [{"name": "seven"}, {"name": None}]}
    assert errors_of(result) == [("SUBGRAPH_INVALID_RESPONSE", ("topProducts", 1), "products")]


async def test_nothing_is_sent_when_nothing_can_be_represented() -> None:
    subgraphs = canned(products=products(None, product(None), None), reviews=one_review_each)
    result = await SHOP.run("{ topProducts { reviews { body } } }", REVIEWS_OF_TOP_PRODUCTS, subgraphs)
    assert response_of(result) == {"data": {"topProducts": [None, {"reviews": None}, None]}}
    assert subgraphs.asked("reviews") == []


async def test_an_entity_that_is_not_found_leaves_null() -> None:
    found = {"reviews": [{"body": "good"}]}
    subgraphs = canned(
        products=products(product("1"), product("2")), reviews={"data": {"_entities": [None, found]}}
    )
    result = await SHOP.run("{ topProducts { reviews { body } } }", REVIEWS_OF_TOP_PRODUCTS, subgraphs)
    assert response_of(result) == {"data": {"topProducts": [{"reviews": None}, found]}}


async def test_paths_lead_through_nested_lists_and_nulls() -> None:
    plan = """
    QueryPlan {
      Sequence {
        Fetch(service: "products") { { cart { items { __typename upc } best { __typename upc } } } },
        Parallel {
          Flatten(path: "cart.items.@.@") {
            Fetch(service: "reviews") {
              { ... on Product { __typename upc } } => { ... on Product { reviews { body } } }
            }
          }
          Flatten(path: "cart") {
            Flatten(path: "best") {
              Fetch(service: "reviews") {
                { ... on Product { __typename upc } } => { ... on Product { reviews { body } } }
              }
            }
          }
        }
      }
    }
    """
    cart = {"items": [[product("1"), None], None, [], [product("2")]], "best": None}
    subgraphs = canned(products={"data": {"cart": cart}}, reviews=one_review_each)
    operation = "{ cart { items { reviews { body } } best { reviews { body } } } }"
    result = await SHOP.run(operation, plan, subgraphs)
    reviewed = [{"reviews": [{"body": f"of {upc}"}]} for upc in ("1", "2")]
    assert result.data == {"cart": {"items": [[reviewed[0], None], None, [], [reviewed[1]]], "best": None}}
    assert len(subgraphs.asked("reviews")) == 1


SHIPPING = """
QueryPlan {
  Sequence {
    Fetch(service: "products") { { topProducts { __typename upc internal: weight price } } },
    Flatten(path: "topProducts.@") {
      Fetch(service: "inventory") {
        { ... on Product { __typename upc weight: internal @requires price @requires } } =>
        { ... on Product { shipping } }
      }
    }
  }
}
"""


def shipping_for(request: SubgraphRequest) -> dict[str, object]:
    return {"data": {"_entities": [{"shipping": 7} for _ in request.variables["representations"]]}}


async def test_required_values_are_sent_under_their_own_name_and_null_is_a_value() -> None:
    item = product("1") | {"internal": None, "price": 3}
    subgraphs = canned(products=products(item), inventory=shipping_for)
    result = await SHOP.run("{ topProducts { shipping } }", SHIPPING, subgraphs)
    assert subgraphs.representations("inventory") == [[product("1") | {"weight": None, "price": 3}]]
    assert response_of(result) == {"data": {"topProducts": [{"shipping": 7}]}}


async def test_an_object_whose_required_value_failed_is_not_sent() -> None:
    good, bad = (product(upc) | {"internal": None, "price": 3} for upc in "12")
    failed = {"message": "no scales", "path": ["topProducts", 1, "internal"]}
    subgraphs = canned(products=products(good, bad) | {"errors": [failed]}, inventory=shipping_for)
    result = await SHOP.run("{ topProducts { shipping } }", SHIPPING, subgraphs)
    assert subgraphs.representations("inventory") == [[product("1") | {"weight": None, "price": 3}]]
    assert result.data == {"topProducts": [{"shipping": 7}, {"shipping": None}]}
    assert errors_of(result) == [("DOWNSTREAM_SERVICE_ERROR", ("topProducts", 1), "products")]


async def test_an_object_that_lacks_a_field_is_not_sent() -> None:
    plan = REVIEWS_OF_TOP_PRODUCTS.replace("{ __typename upc } } =>", "{ __typename upc sku } } =>")
    subgraphs = canned(products=products(product("1")), reviews=one_review_each)
    result = await SHOP.run("{ topProducts { reviews { body } } }", plan, subgraphs)
    assert response_of(result) == {"data": {"topProducts": [{"reviews": None}]}}
    assert subgraphs.asked("reviews") == []


async def test_a_key_is_null_only_when_all_its_fields_are() -> None:
    plan = """
    QueryPlan {
      Sequence {
        Fetch(service: "products") { { topProducts { upc name } } },
        Flatten(path: "topProducts.@") {
          Fetch(service: "reviews") {
            { ... on Product { __typename upc name } } => { ... on Product { reviews { body } } }
          }
        }
      }
    }
    """
    items = [{"upc": None, "name": "a"}, {"upc": None, "name": None}]
    subgraphs = canned(products=products(*items), reviews=one_review_each)
    await SHOP.run("{ topProducts { reviews { body } } }", plan, subgraphs)
    sent = {"__typename": "Product", "upc": None, "name": "a"}
    assert subgraphs.representations("reviews") == [[sent]]


LIBRARY = Graph.of(
    """
    type Query { media: [Media]  shelf: Shelf }
    type Shelf { id: ID  label: String  owner: Owner  books: [[Book]] }
    union Owner = Person | Company
    type Person { name: String }
    type Company { vat: Int }
    interface Media { id: ID!  title: String  likes: Int }
    type Book implements Media { id: ID!  title: String  likes: Int  pages: Int }
    type Film implements Media { id: ID!  title: String  likes: Int  minutes: Int }
    """
)


async def test_each_object_is_sent_by_the_first_representation_that_applies() -> None:
    plan = """
    QueryPlan {
      Sequence {
        Fetch(service: "media") { { media { __typename id } } },
        Parallel {
          Flatten(path: "media.@|[Book]") {
            Fetch(service: "books") {
              { ... on Book { __typename id } } => { ... on Book { pages } }
            }
          }
          Flatten(path: "media.@") {
            Fetch(service: "titles") {
              { ... on Film { __typename film: id } ... on Media { __typename id } } =>
              { ... on Film { title } ... on Book { title } }
            }
          }
          Flatten(path: "media.@") {
            Fetch(service: "likes") {
              { ... on Media @sentAs(typename: "Media") { __typename id } } =>
              { ... on Media { __typename likes } }
            }
          }
        }
      }
    }
    """
    media = [{"__typename": "Book", "id": "b"}, {"__typename": "Film", "id": "f"}]
    subgraphs = canned(
        media={"data": {"media": media}},
        books={"data": {"_entities": [{"pages": 9}]}},
        titles={"data": {"_entities": [{"title": "a book"}, {"title": "a film"}]}},
        likes={"data": {"_entities": [{"__typename": "Media", "likes": n} for n in (1, 2)]}},
    )
    operation = "{ media { __typename title likes ... on Book { pages } ... on Film { __typename } } }"
    result = await LIBRARY.run(operation, plan, subgraphs)
    assert subgraphs.representations("books") == [[{"__typename": "Book", "id": "b"}]]
    assert subgraphs.representations("titles") == [[media[0], {"__typename": "Film", "film": "f"}]]
    assert subgraphs.representations("likes") == [[{"__typename": "Media", "id": key} for key in "bf"]]
    assert response_of(result) == {
        "data": {
            "media": [
                {"__typename": "Book", "title": "a book", "likes": 1, "pages": 9},
                {"__typename": "Film", "title": "a film", "likes": 2},
            ]
        }
    }


async def test_an_interface_name_gives_way_to_the_object_type() -> None:
    plan = """
    QueryPlan {
      Sequence {
        Fetch(service: "likes") { { media { __typename id likes } } },
        Flatten(path: "media.@") {
          Fetch(service: "media") {
            { ... on Media { __typename id } } => { ... on Media { __typename title } }
          }
        }
        Flatten(path: "media.@|[Film]") {
          Fetch(service: "films") {
            { ... on Film { __typename id } } => { ... on Film { minutes } }
          }
        }
      }
    }
    """
    subgraphs = canned(
        likes={"data": {"media": [{"__typename": "Media", "id": key, "likes": 1} for key in "bfx"]}},
        media={
            "data": {
                "_entities": [
                    {"__typename": "Book", "title": "B"},
                    {"__typename": "Film", "title": "F"},
                    None,
                ]
            }
        },
        films={"data": {"_entities": [{"minutes": 90}]}},
    )
    result = await LIBRARY.run("{ media { likes title ... on Film { minutes } } }", plan, subgraphs)
    assert result.data == {
        "media": [{"likes": 1, "title": "B"}, {"likes": 1, "title": "F", "minutes": 90}, None]
    }
    assert errors_of(result) == [("SUBGRAPH_INVALID_RESPONSE", ("media", 2), "likes")]
    only_interface = await LIBRARY.run("{ media { likes title } }", plan, subgraphs)
    assert only_interface.data is not None
    assert only_interface.data["media"][2] == {"likes": 1, "title": None}


async def test_composite_values_are_sent_by_their_type_item_by_item() -> None:
    plan = """
    QueryPlan {
      Sequence {
        Fetch(service: "a") {
          { shelf { id owner { __typename ... on Person { name } ... on Company { vat } }
                    books { id x: title } } }
        },
        Flatten(path: "shelf") {
          Fetch(service: "b") {
            {
              ... on Shelf {
                __typename
                id
                owner @requires { __typename ... on Person { name } ... on Company { vat } }
                books @requires { id title: x ... on Book { nothing } }
              }
            } =>
            { ... on Shelf { label } }
          }
        }
      }
    }
    """
    shelf = {
        "id": "s",
        "owner": {"__typename": "Company", "vat": 5},
        "books": [[{"id": "1", "x": "one"}, None], None, []],
    }
    subgraphs = canned(a={"data": {"shelf": shelf}}, b={"data": {"_entities": [{"label": "L"}]}})
    result = await LIBRARY.run("{ shelf { label } }", plan, subgraphs)
    assert subgraphs.representations("b") == [
        [
            {
                "__typename": "Shelf",
                "id": "s",
                "owner": {"__typename": "Company", "vat": 5},
                "books": [[{"id": "1", "title": "one"}, None], None, []],
            }
        ]
    ]
    assert result.data == {"shelf": {"label": "L"}}


async def test_renames_put_an_answer_under_the_clients_response_key() -> None:
    plan = """
    QueryPlan {
      Fetch(service: "media", renames: ["media.@|[Book].x1: size", "media.@|[Film].x2: size"]) {
        { media { __typename ... on Book { x1: pages } ... on Film { x2: minutes } } }
      }
    }
    """
    media = [{"__typename": "Book", "x1": 300}, {"__typename": "Film", "x2": "bad"}]
    subgraphs = canned(
        media={
            "data": {"media": [*media, {"__typename": "Book", "x1": None}]},
            "errors": [{"message": "torn", "path": ["media", 2, "x1"]}],
        }
    )
    operation = "{ media { ... on Book { size: pages } ... on Film { size: minutes } } }"
    result = await LIBRARY.run(operation, plan, subgraphs)
    assert result.data == {"media": [{"size": 300}, {"size": None}, {"size": None}]}
    assert errors_of(result) == [
        ("SUBGRAPH_INVALID_RESPONSE", ("media", 1, "size"), "media"),
        ("DOWNSTREAM_SERVICE_ERROR", ("media", 2, "size"), "media"),
    ]


async def test_answers_for_the_same_place_are_merged_deeply() -> None:
    graph = Graph.of(
        """
        type Query { box: Box boxes: [Box] }
        type Box { a: Int b: Int in: Box list: [Int] any: Any }
        scalar Any
        """
    )
    plan = """
    QueryPlan {
      Sequence {
        Fetch(service: "a") { { box { a in { a } list } boxes { a } any: box { any } } }
        Fetch(service: "b") { { box { b in { b } list } boxes { b } any: box { any } } }
      }
    }
    """
    subgraphs = canned(
        a={
            "data": {
                "box": {"a": 1, "in": None, "list": [1, None]},
                "boxes": [{"a": 1}, None, {"a": 3}],
                "any": {"any": {"x": [None]}},
            }
        },
        b={
            "data": {
                "box": {"b": 2, "in": {"b": 4}, "list": [1, 2]},
                "boxes": [{"b": 1}, {"b": 2}, None],
                "any": {"any": {"x": [1], "y": 2}},
            }
        },
    )
    operation = "{ box { a b in { a b } list } boxes { a b } any: box { any } }"
    result = await graph.run(operation, plan, subgraphs)
    assert response_of(result) == {
        "data": {
            "box": {"a": 1, "b": 2, "in": {"a": None, "b": 4}, "list": [1, None]},
            "boxes": [{"a": 1, "b": 1}, {"a": None, "b": 2}, {"a": 3, "b": None}],
            "any": {"any": {"x": [None]}},
        }
    }


async def test_lists_of_different_lengths_are_not_mixed() -> None:
    graph = Graph.of("type Query { boxes: [Box] } type Box { a: Int b: Int }")
    plan = """
    QueryPlan { Sequence {
      Fetch(service: "a") { { boxes { a } } }
      Fetch(service: "b") { { boxes { b } } }
    } }
    """
    subgraphs = canned(a={"data": {"boxes": [{"a": 1}]}}, b={"data": {"boxes": [{"b": 1}, {"b": 2}]}})
    result = await graph.run("{ boxes { a b } }", plan, subgraphs)
    assert result.data == {"boxes": [{"a": 1, "b": None}]}
    assert errors_of(result) == [("SUBGRAPH_INVALID_RESPONSE", ("boxes",), "b")]


async def test_a_place_of_the_root_type_takes_a_fetch_without_representations() -> None:
    graph = Graph.of(
        "type Query { now: Int } type Mutation { act: Acted } type Acted { ok: Boolean query: Query }"
    )
    plan = """
    QueryPlan { Sequence {
      Fetch(service: "a") { mutation { act { ok query { __typename } } } }
      Flatten(path: "act.query") { Fetch(service: "b") { { now } } }
    } }
    """
    subgraphs = canned(
        a={"data": {"act": {"ok": True, "query": {"__typename": "RootQuery"}}}}, b={"data": {"now": 5}}
    )
    result = await graph.run("mutation { act { query { now __typename } ok } }", plan, subgraphs)
    assert response_of(result) == {"data": {"act": {"query": {"now": 5, "__typename": "Query"}, "ok": True}}}


@pytest.fixture
def platform() -> Subgraphs:
    names = {"1": "Table", "2": "Couch"}
    return Subgraphs(
        {
            "products": in_process(
                "type Query { topProducts(first: Int = 5): [Product] } type Product { upc: String! }",
                {"topProducts": lambda _, first: [{"upc": upc} for upc in ("1", "2", "3")][:first]},
            ),
            "names": in_process(
                "type Query { x: Int } type Product { upc: String! name: String }",
                {},
                {"Product": lambda one: {"name": names[one["upc"]]} if one["upc"] in names else None},
            ),
        }
    )


async def test_subgraphs_of_graphql_core_answer_a_plan(platform: Subgraphs) -> None:
    plan = """
    QueryPlan { Sequence {
      Fetch(service: "products") { query($first: Int) { topProducts(first: $first) { __typename upc } } }
      Flatten(path: "topProducts.@") {
        Fetch(service: "names") {
          { ... on Product { __typename upc } } => { ... on Product { name } }
        }
      }
    } }
    """
    graph = Graph.of(
        "type Query { topProducts(first: Int = 5): [Product] } type Product { upc: String! name: String }"
    )
    operation = "query($first: Int) { all: topProducts(first: $first) { title: name } }"
    plan = plan.replace("topProducts(", "all: topProducts(").replace("topProducts.@", "all.@")
    plan = plan.replace("{ name }", "{ title: name }")
    result = await graph.run(operation, plan, platform, {"first": 3})
    assert response_of(result) == {"data": {"all": [{"title": "Table"}, {"title": "Couch"}, {"title": None}]}}
