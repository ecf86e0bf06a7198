"""GraphQL over HTTP: what is accepted, and what each status and media type says."""

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from graphql import get_introspection_query

from plait_gateway.config import GatewayConfig, HeadersConfig, LimitsConfig
from plait_gateway.planner import MAXIMUM_DEPTH
from tests.gateway.app.conftest import Gateway
from tests.gateway.shop import ACROSS, ACROSS_DATA

JSON = {"content-type": "application/json"}
GRAPHQL_RESPONSE = "application/graphql-response+json"


async def test_a_query_over_two_subgraphs(gateway: Gateway) -> None:
    answer = await gateway().graphql(ACROSS)
    assert (answer.status, answer.json) == (200, {"data": ACROSS_DATA})
    assert answer.headers["content-type"] == "application/graphql-response+json; charset=utf-8"
    assert answer.headers["content-length"] == str(len(answer.body))
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "query",
    [
        "{ whoAmI a: __schema { types { name } } }",
        '{ ...F } fragment F on Query { ... { __type(name: "Query") { name } } }',
    ],
)
async def test_introspection_can_be_turned_off(gateway: Gateway, query: str) -> None:
    client = gateway(GatewayConfig(introspection=False))
    refused = await client.graphql(query)
    assert (refused.codes, "data" in refused.json) == (["INTROSPECTION_DISABLED"], False)
    assert "locations" in refused.json["errors"][0]
    answered = await client.graphql("{ __typename products { __typename } }")
    assert answered.json["data"]["__typename"] == "Query"


async def test_introspection(gateway: Gateway) -> None:
    answer = await gateway().graphql('{ __type(name: "Product") { fields { name } } __typename }')
    assert [field["name"] for field in answer.json["data"]["__type"]["fields"]] == [
        "id",
        "name",
        "related",
        "left",
    ]
    assert answer.json["data"]["__typename"] == "Query"


async def test_a_mutation(gateway: Gateway) -> None:
    client = gateway()
    answer = await client.graphql(
        "mutation ($n: String!) { rename(id: 1, name: $n) { name left } }", {"n": "Hoe"}
    )
    assert answer.json == {"data": {"rename": {"name": "Hoe", "left": 3}}}


async def test_variables_reach_the_subgraph_coerced(gateway: Gateway) -> None:
    answer = await gateway().graphql(
        "query A($filter: Filter) { products(filter: $filter) { name } } query B { whoAmI }",
        {"filter": {"limit": 1}},
        operation_name="A",
    )
    assert answer.json == {"data": {"products": [{"name": "Spade"}]}}


@pytest.mark.parametrize(
    ("variables", "names"),
    [
        (None, ["Rake"]),  # absent: the default
        ({}, ["Rake"]),
        ({"n": None}, ["Spade", "Rake"]),  # null is a value
        ({"n": "Spade", "unknown": 1}, ["Spade"]),
    ],
)
async def test_an_absent_variable_is_not_null(gateway: Gateway, variables: Any, names: list[str]) -> None:
    query = 'query ($n: String = "Rake") { products(filter: {name: $n}) { name } }'
    answer = await gateway().graphql(query, variables)
    assert [product["name"] for product in answer.json["data"]["products"]] == names


async def test_a_condition_may_not_be_null(gateway: Gateway) -> None:
    """Not even where the variable has a default, and so may be: what is skipped is not for a guess."""
    client = gateway()
    for directive in ("@skip(if: $v)", "@include(if: $v)"):
        for query in (
            "{ whoAmI %s }",
            "{ products { id %s } }",
            "{ ...F } fragment F on Query { whoAmI %s }",
        ):
            text = "query ($v: Boolean = true) " + query % directive
            assert (await client.graphql(text, {"v": None})).codes == ["BAD_USER_INPUT"]
            assert "errors" not in (await client.graphql(text)).json
    unused = 'query ($v: String = "x") { products(filter: {name: $v}) { id } }'
    assert "errors" not in (await client.graphql(unused, {"v": None})).json


async def test_large_variables(gateway: Gateway) -> None:
    """They are coerced beside the event loop."""
    query = "query ($f: Filter) { products(filter: $f) { name } }"
    client = gateway()
    assert (await client.graphql(query, {"f": {"name": "x" * 100_000}})).json == {"data": {"products": []}}
    assert (await client.graphql(query, {"f": {"x" * 100_000: 1}})).codes == ["BAD_USER_INPUT"]


async def test_a_get_request(gateway: Gateway) -> None:
    parameters = {
        "query": "query ($n: String) { products(filter: {name: $n}) { id } }",
        "variables": '{"n": "Rake"}',
        "operationName": "",
    }
    answer = await gateway().request("GET", "/graphql", query=urlencode(parameters))
    assert (answer.status, answer.json) == (200, {"data": {"products": [{"id": "2"}]}})
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


async def test_a_get_request_cannot_change_anything(gateway: Gateway) -> None:
    client = gateway()
    mutation = urlencode({"query": 'mutation { rename(id: 1, name: "Hoe") { id } }'})
    answer = await client.request("GET", "/graphql", query=mutation)
    assert (answer.status, answer.codes) == (405, ["METHOD_NOT_ALLOWED"])
    assert answer.headers["allow"] == "POST"
    assert (await client.graphql(ACROSS)).json["data"] == ACROSS_DATA


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("{", None, "GRAPHQL_PARSE_FAILED"),
        ("", None, "GRAPHQL_PARSE_FAILED"),
        ("{ products { } }", None, "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("fragment F on Query { whoAmI }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("query A { whoAmI } query B { whoAmI }", None, "OPERATION_RESOLUTION_FAILURE"),
        ("query ($f: Filter!) { products(filter: $f) { id } }", None, "BAD_USER_INPUT"),
        ("query ($f: Filter!) { products(filter: $f) { id } }", {"f": {"limit": "x"}}, "BAD_USER_INPUT"),
        ("query ($f: Filter!) { products(filter: $f) { id } }", {"f": {"other": 1}}, "BAD_USER_INPUT"),
    ],
)
async def test_a_wrong_operation_is_refused_with_a_code(
    gateway: Gateway, query: str, variables: Any, code: str
) -> None:
    client = gateway()
    new, old = [
        await client.graphql(query, variables, accept=kind) for kind in (GRAPHQL_RESPONSE, "application/json")
    ]
    assert set(new.codes) == {code}
    assert "data" not in new.json
    assert old.json == new.json
    assert (new.status, old.status) == (
        400,
        200,
    )  # the older media type says 200 to every well-formed request


async def test_an_error_in_the_document_has_its_place(gateway: Gateway) -> None:
    answer = await gateway().graphql("{\n  products { nme }\n}")
    (error,) = answer.json["errors"]
    assert error["locations"] == [{"line": 2, "column": 14}]
    assert error["message"] == "Cannot query field 'nme' on type 'Product'. Did you mean 'name'?"


async def test_an_unknown_operation_name(gateway: Gateway) -> None:
    answer = await gateway().graphql("query A { whoAmI }", operation_name="B")
    assert (answer.status, answer.codes) == (400, ["OPERATION_RESOLUTION_FAILURE"])
    message = 'The document holds no operation "B", which operationName says. It holds A.'
    assert answer.json["errors"][0]["message"] == message


async def test_a_subscription_is_refused(gateway: Gateway) -> None:
    answer = await gateway().graphql("subscription { whoAmI }")
    assert answer.status == 400
    assert "subscription" in answer.json["errors"][0]["message"].lower()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "The request has no body."),
        (b"{", "The request's body is not well-formed JSON"),
        (b'{"query": "\xff"}', "The request's body is not well-formed JSON"),
        (b"[" * 100_000, "The request's body is nested too deeply."),
        (b'[{"query": "{ a }"}]', "The request's body is a list; batches are not supported."),
        (b"3", "The request's body is not a JSON object."),
        (b"{}", "The request has no 'query'."),
        (b'{"query": null}', "The request has no 'query'."),
        (b'{"query": 3}', "'query' is not a string."),
        (b'{"query": "{ a }", "operationName": []}', "'operationName' is not a string."),
        (b'{"query": "{ a }", "variables": [1]}', "'variables' is not a JSON object."),
        (b'{"query": "{ a }", "variables": "{}"}', "'variables' is not a JSON object."),
        (b'{"query": "{ a }", "extensions": 0}', "'extensions' is not a JSON object."),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", GRAPHQL_RESPONSE])
async def test_a_body_that_is_no_graphql_request(
    gateway: Gateway, body: bytes, message: str, accept: str
) -> None:
    answer = await gateway().request("POST", "/graphql", body=body, headers={**JSON, "accept": accept})
    assert (answer.status, answer.codes) == (400, ["BAD_REQUEST"])
    assert answer.json["errors"][0]["message"].startswith(message)
    assert answer.headers["content-type"].startswith(accept)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "The request has no 'query'."),
        ("query=", "The request has no 'query'."),
        ("query=%FF", "The query string is not form-encoded UTF-8."),
        ("query={a}&query={b}", "The parameter 'query' is given twice."),
        ("query={a}&variables={", "The parameter 'variables' is not well-formed JSON"),
        ("query={a}&variables=[]", "'variables' is not a JSON object."),
        ("&".join(f"p{number}=1" for number in range(21)), "The query string has more than 20 parameters."),
    ],
)
async def test_a_query_string_that_is_no_graphql_request(gateway: Gateway, query: str, message: str) -> None:
    answer = await gateway().request("GET", "/graphql", query=query)
    assert (answer.status, answer.codes) == (400, ["BAD_REQUEST"])
    assert answer.json["errors"][0]["message"].startswith(message)


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        None,
    ],
)
async def test_what_a_form_of_another_site_can_send_is_not_read(
    gateway: Gateway, content_type: str | None
) -> None:
    headers = {} if content_type is None else {"content-type": content_type}
    answer = await gateway().request("POST", "/graphql", body=b'{"query": "{ whoAmI }"}', headers=headers)
    assert (answer.status, answer.codes) == (415, ["UNSUPPORTED_MEDIA_TYPE"])


async def test_a_compressed_body_is_not_read(gateway: Gateway) -> None:
    headers = {**JSON, "content-encoding": "gzip"}
    answer = await gateway().request("POST", "/graphql", body=b"...", headers=headers)
    assert (answer.status, answer.codes) == (415, ["UNSUPPORTED_MEDIA_TYPE"])


async def test_a_body_over_the_limit(gateway: Gateway) -> None:
    client = gateway(GatewayConfig(limits=LimitsConfig(request_bytes=2000)))
    body = json.dumps({"query": "{ whoAmI }" + " " * 3000}).encode()
    announced = await client.request(
        "POST", "/graphql", body=body, headers={**JSON, "content-length": str(len(body))}
    )
    streamed = await client.request("POST", "/graphql", body=body, headers=JSON)
    for answer in (announced, streamed):
        assert (answer.status, answer.codes) == (413, ["PAYLOAD_TOO_LARGE"])


async def test_a_client_that_accepts_nothing_we_have(gateway: Gateway) -> None:
    answer = await gateway().graphql("{ whoAmI }", accept="text/csv")
    assert (answer.status, answer.codes) == (406, ["NOT_ACCEPTABLE"])


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
async def test_other_methods(gateway: Gateway, method: str) -> None:
    answer = await gateway().request(method, "/graphql", headers=JSON)
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, POST"
    assert (answer.body == b"") is (method == "HEAD")


async def test_an_unknown_path(gateway: Gateway) -> None:
    answer = await gateway().request("GET", "/nothing")
    assert (answer.status, answer.codes) == (404, ["NOT_FOUND"])


async def test_a_client_that_leaves_before_its_request_is_complete(gateway: Gateway) -> None:
    gone = asyncio.Event()
    gone.set()
    answer = await gateway().request(
        "POST", "/graphql", headers=JSON, body=b'{"query', leaves=gone, complete=False
    )
    assert answer.status == 0  # nobody is there to be answered


async def test_only_the_listed_headers_are_forwarded(gateway: Gateway) -> None:
    sent = {"authorization": "Bearer t", "cookie": "session=1", "x-request-id": "r-1"}
    answer = await gateway().graphql("{ whoAmI }", headers=sent)
    assert answer.json["data"]["whoAmI"] == "authorization=Bearer t x-request-id=r-1"


@pytest.mark.parametrize(
    ("sent", "forwarded"),
    [({}, "127.0.0.1"), ({"x-forwarded-for": "192.0.2.7"}, "192.0.2.7, 127.0.0.1")],
)
async def test_the_address_of_a_client_goes_on_where_the_header_for_it_is_listed(
    gateway: Gateway, sent: dict[str, str], forwarded: str
) -> None:
    client = gateway(GatewayConfig(headers=HeadersConfig(forward=("X-Forwarded-For",))))
    answer = await client.graphql("{ whoAmI }", headers=sent)
    assert answer.json["data"]["whoAmI"] == f"x-forwarded-for={forwarded}"


async def test_hostile_documents_are_refused_before_they_are_planned(gateway: Gateway) -> None:
    client = gateway(GatewayConfig(limits=LimitsConfig(tokens=1000, fields=500)))
    many_tokens = "{" + " whoAmI" * 1000 + "}"
    deep = "{ products" + " { related" * 300 + " { id" + " }" * 302
    spreads = "".join(
        f"fragment F{n} on Product {{ a: related {{ ...F{n + 1} }} b: related {{ ...F{n + 1} }} }}"
        for n in range(20)
    )
    exponential = f"{{ products {{ ...F0 }} }} {spreads} fragment F20 on Product {{ id }}"
    assert (await client.graphql(many_tokens)).codes == ["GRAPHQL_PARSE_FAILED"]
    assert (await client.graphql(deep)).codes == ["GRAPHQL_PARSE_FAILED"]
    repeated = "{ products {" + " id" * 7000 + " } }"  # every pair would have to be compared
    assert (await gateway().graphql(repeated)).codes == ["OPERATION_TOO_LARGE"]
    assert (await client.graphql(exponential)).codes == ["OPERATION_TOO_LARGE"]


async def test_what_is_expected_to_cost_too_much_is_refused_each_time(gateway: Gateway) -> None:
    client = gateway(GatewayConfig(limits=LimitsConfig(cost=29, list_size=5)))
    for _ in range(2):
        answer = await client.graphql("{ products { related { id } } }")
        assert answer.codes == ["OPERATION_TOO_EXPENSIVE"]
        message = answer.json["errors"][0]["message"]
        assert message == "The operation is expected to cost 30; 29 are allowed."
        assert "errors" not in (await client.graphql("{ products { id } }")).json
    assert "data" in (await gateway().graphql("{ products { related { related { id } } } }")).json


async def test_introspection_that_is_repeated_is_refused(gateway: Gateway) -> None:
    """Each of its fields is answered for every type of the graph."""
    client = gateway()
    standard = await client.graphql(get_introspection_query(input_value_deprecation=True))
    assert "errors" not in standard.json
    roots = "{" + "".join(f" a{number}: __schema {{ types {{ name }} }}" for number in range(300)) + " }"
    lists = "{ __schema {" + "".join(f" a{number}: types {{ name }}" for number in range(300)) + " } }"
    for query in (roots, lists, f"{{ ...F }} fragment F on Query {lists}"):
        assert (await client.graphql(query)).codes == ["OPERATION_TOO_LARGE"]


@pytest.mark.parametrize(
    ("levels", "answered"),
    [
        (MAXIMUM_DEPTH, {"data": {"products": []}}),
        (MAXIMUM_DEPTH + 1, None),
    ],
)
async def test_the_deepest_operation_that_is_planned_can_be_answered(
    gateway: Gateway, levels: int, answered: object
) -> None:
    client = gateway(GatewayConfig(limits=LimitsConfig(tokens=1000)))
    related = levels - 1  # the first level is that of products
    answer = await client.graphql(
        "{ products(filter: {limit: 0})" + " { related" * related + " { id" + " }" * (related + 2)
    )
    if answered is None:
        assert answer.codes == ["OPERATION_TOO_LARGE"]
    else:
        assert answer.json == answered
