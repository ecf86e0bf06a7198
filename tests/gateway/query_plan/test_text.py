"""The text form of a plan, which parses back."""

import json

import pytest
from graphql import parse
from hypothesis import given, settings

from plait_gateway.query_plan import (
    BatchFetch,
    Fetch,
    PlanSyntaxError,
    QueryPlan,
    Representation,
    RepresentationField,
    fetches_in,
    format_plan,
    operation_text,
    parse_plan,
    plan_as_json,
    request_of,
)
from plait_gateway.query_plan.operations import parse_operation
from tests.gateway.query_plan.plans import plans

TEXT = """\
QueryPlan {
  Sequence {
    Fetch(service: "products") {
      {
        topProducts {
          __typename
          upc
        }
      }
    },
    Flatten(path: "topProducts.@") {
      Fetch(service: "reviews") {
        {
          ... on Product {
            __typename
            upc
          }
        } =>
        {
          ... on Product {
            reviews {
              body
            }
          }
        }
      },
    },
  },
}
"""
EVERYTHING = """\
QueryPlan {
  Parallel {
    Include(if: $wanted) {
      Fetch(service: "the \\"media\\"", renames: ["media.@|[Book,Film].x1: size", "x2: title"]) {
        query ($first: Int = 3, $kind: Kind) {
          media(first: $first, kind: $kind, text: "} =>") {
            x1: pages
          }
          x2: title
        }
      },
    },
    Skip(if: $wanted) {
      Fetch(service: "b") {
        mutation {
          act
        }
      },
    },
    Condition(if: $wanted) {
      Then {
        Sequence {},
      },
      Else {
        Flatten(path: "a|[A].@.@|[B,C].b") {
          Fetch(service: "c") {
            {
              ... on Account @sentAs(typename: "Account") {
                __typename
                id
                organization {
                  id
                }
                weight: _0 @requires
                owner @requires {
                  __typename
                  ... on Person {
                    name: _1
                  }
                }
              }
              ... on User {
                __typename
                id
              }
            } =>
            query ($first: Int) {
              ... on Account {
                cost(first: $first)
              }
            }
          },
        },
      },
    },
    Condition(if: $x) {},
    BatchFetch(service: "users") {
      Flatten(path: "reviews.@.author") {
        Fetch(service: "users") {
          {
            ... on User {
              __typename
              id
            }
          } =>
          {
            ... on User {
              name
            }
          }
        },
      },
      Include(if: $wanted) {
        Flatten(path: "me") {
          Fetch(service: "users", representations: "sent") {
            {
              ... on User {
                __typename
                id
              }
            } =>
            query ($first: Int) {
              ... on User {
                posts(first: $first)
              }
            }
          },
        },
      },
    },
  },
}
"""


@pytest.mark.parametrize("text", [TEXT, EVERYTHING, "QueryPlan {}\n"])
def test_a_text_parses_and_prints_as_it_was(text: str) -> None:
    assert format_plan(parse_plan(text)) == text


@given(plans)
@settings(max_examples=50)
def test_every_plan_parses_back(plan: QueryPlan) -> None:
    assert parse_plan(format_plan(plan)) == plan


@given(plans)
@settings(max_examples=20)
def test_every_plan_has_a_json_form(plan: QueryPlan) -> None:
    assert json.loads(json.dumps(plan_as_json(plan))) == plan_as_json(plan)


def test_layout_commas_and_comments_do_not_matter() -> None:
    loose = """# a plan
    QueryPlan{Sequence{Fetch(service:"products"){{topProducts{__typename,upc}}}
    Flatten(path:"topProducts.@"){Fetch(service:"reviews"){
      {...on Product{__typename upc}}=>{...on Product{reviews{body}}}}}}}"""
    assert parse_plan(loose) == parse_plan(TEXT)


def test_operations_come_out_in_canonical_text() -> None:
    text = "query Q ( $a : Int = 1 ) { a ( x : $a ) , b { c } }  # why"
    (definition,) = parse(text).definitions
    assert operation_text(parse_operation(text)) == operation_text(definition)  # type: ignore[arg-type]  # it is one
    assert operation_text(parse_operation(text)) == "query Q($a:Int=1){a(x:$a)b{c}}"


def test_the_json_form() -> None:
    assert plan_as_json(parse_plan(TEXT)) == {
        "kind": "QueryPlan",
        "node": {
            "kind": "Sequence",
            "nodes": [
                {
                    "kind": "Fetch",
                    "serviceName": "products",
                    "operationKind": "query",
                    "operation": "{topProducts{__typename upc}}",
                    "variableUsages": [],
                },
                {
                    "kind": "Flatten",
                    "path": ["topProducts", "@"],
                    "node": {
                        "kind": "Fetch",
                        "serviceName": "reviews",
                        "operationKind": "query",
                        "operation": "query($representations:[_Any!]!){_entities(representations:"
                        "$representations){...on Product{reviews{body}}}}",
                        "variableUsages": [],
                        "requires": [
                            {
                                "kind": "InlineFragment",
                                "typeCondition": "Product",
                                "selections": [
                                    {"kind": "Field", "name": "__typename"},
                                    {"kind": "Field", "name": "upc"},
                                ],
                            }
                        ],
                    },
                },
            ],
        },
    }
    assert plan_as_json(QueryPlan(None)) == {"kind": "QueryPlan"}


BATCH = """
QueryPlan { BatchFetch(service: "users") {
  Flatten(path: "authors.@") { Fetch(service: "users") {
    { ... on User { __typename id } } =>
    query ($representations_1: Int) { ... on User { name(n: $representations_1) } }
  } }
  Flatten(path: "me") { Fetch(service: "users") {
    { ... on User { __typename id } } => query ($first: Int) { ... on User { posts(first: $first) } }
  } }
  Flatten(path: "you") { Fetch(service: "users") {
    { ... on User { __typename id } } => query ($first: Int) { ... on User { posts(first: $first) } }
  } }
} }
"""


def test_a_batch_is_one_operation_with_a_field_for_each_different_fetch() -> None:
    batch = parse_plan(BATCH).node
    assert isinstance(batch, BatchFetch)
    request = request_of(fetches_in(batch))
    assert request.operation == (
        "query($representations_0:[_Any!]!$_representations_1:[_Any!]!$representations_1:Int$first:Int)"
        "{_0:_entities(representations:$representations_0){...on User{name(n:$representations_1)}}"
        "_1:_entities(representations:$_representations_1){...on User{posts(first:$first)}}}"
    )
    assert request.variables == ("first", "representations_1")
    assert [field.response_key for field in request.fields] == ["_0", "_1"]
    form = plan_as_json(parse_plan(BATCH))["node"]
    assert (form["kind"], form["operation"], len(form["nodes"])) == ("BatchFetch", request.operation, 3)


def test_a_batch_of_equal_fetches_is_asked_as_one_fetch() -> None:
    batch = parse_plan(BATCH).node
    assert isinstance(batch, BatchFetch)
    (fetch,) = fetches_in(BatchFetch("users", batch.nodes[1:]))
    request = request_of((fetch,))
    assert (request.operation, request.variables) == (fetch.operation, fetch.variables)


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("", "Expected 'QueryPlan', found the end", 1, 1),
        ("QueryPlan {", "Expected a plan node, found the end", 1, 12),
        ("QueryPlan {} x", "Expected the end, found 'x'", 1, 14),
        ("QueryPlan {\n  Fetsch {} }", "Expected a plan node, found 'Fetsch'", 2, 3),
        ("QueryPlan { ; }", "Unexpected ';'", 1, 13),
        ("QueryPlan { Fetch(service: a) { { a } } }", "Expected a string, found 'a'", 1, 28),
        ("QueryPlan { Fetch(service: \"a\") { { a }", "Expected '}' after this fetch", 1, 35),
        ("QueryPlan { Fetch(service: \"a\") { { a( } } }", "Syntax Error", 1, 40),
        ("QueryPlan { Fetch(service: \"a\") {} }", "Syntax Error", 1, 34),
        ("QueryPlan { Fetch(service: \"a\") { { a } { b } } }", "one operation", 1, 35),
        ("QueryPlan { Fetch(service: \"a\") { fragment F on A { a } } }", "one operation", 1, 35),
        ("QueryPlan { Fetch(service: \"a\") { { a } => { b } } }", "`... on Type { ... }`", 1, 35),
        ("QueryPlan { Fetch(service: \"a\") { { ... on A { a } } => { b } } }", "`__typename`", 1, 35),
        ("QueryPlan { Fetch(service: \"a\") { {...on A{__typename ...F}} => {b} } }", "holds fields", 1, 35),
        ("QueryPlan { Fetch(service: \"a\") { { ...on A{__typename x @y} } => { b } } }", "@requires", 1, 35),
        ("QueryPlan { Fetch(service: \"a\") { { ...on A @y {__typename} } => { b } } }", "@sentAs", 1, 35),
        ("QueryPlan { Fetch(service: \"a\", renames: [\"a\"]) { { b } } }", "is not a rename", 1, 43),
        ("QueryPlan { Fetch(service: \"a\", renames: [\"@: a\"]) { { b } } }", "is not a rename", 1, 43),
        ("QueryPlan { Fetch(service: \"a\", renames: [\"a.: b\"]) { { b } } }", "is not a path", 1, 43),
        ("QueryPlan { Flatten(path: \"a..b\") { Sequence {} } }", "is not a path", 1, 27),
        ("QueryPlan { Flatten(path: \"a@\") { Sequence {} } }", "is not a path", 1, 27),
        ("QueryPlan { Flatten(path: \"a\") { } }", "Expected one node in this block, found 0", 1, 32),
        ("QueryPlan { Include(if: true) { Sequence {} } }", "Expected '$', found 'true'", 1, 25),
        ("QueryPlan { BatchFetch(service: \"a\") {} }", "a batch has fetches", 1, 13),
        ("QueryPlan { BatchFetch(service: \"a\") { Sequence {} } }", "a batch holds fetches", 1, 13),
        ("QueryPlan { BatchFetch(service: \"a\") { Fetch(service: \"a\") { { b } } } }", "have repr", 1, 13),
        ("QueryPlan { BatchFetch(service: \"b\") { Fetch(service: \"a\") { { b } } } }", "ask its", 1, 13),
        ("QueryPlan {" + "Sequence {" * 5000, "nested too deeply", 1, 1),
    ],
)  # fmt: skip
def test_a_text_that_is_no_plan(text: str, message: str, line: int, column: int) -> None:
    with pytest.raises(PlanSyntaxError) as raised:
        parse_plan(text)
    assert message in str(raised.value)
    assert (raised.value.line, raised.value.column) == (line, column)


def test_a_plan_that_breaks_the_contract_has_no_text() -> None:
    key = RepresentationField("id", "id", key=True)
    asks_no_entities = Fetch("a", "{b}", representations=(Representation("A", (key,)),))
    with pytest.raises(ValueError, match="asks `_entities`"):
        format_plan(QueryPlan(asks_no_entities))
