"""The paths around GraphQL, and what is answered before there is a graph or after a defect."""

import gc
import gzip
import logging
import re
import weakref
from typing import Any

import pytest

from plait_gateway.app import create_app
from plait_gateway.asgi import Message
from plait_gateway.config import GatewayConfig, GraphiQLConfig
from plait_gateway.supergraph import Notices, SupergraphHolder, load_graph
from plait_schema.diagnostics import INVALID_GRAPHQL
from plait_schema.garbage_collection import settle
from tests.gateway.app.conftest import Gateway
from tests.gateway.asgi_client import AsgiClient
from tests.gateway.shop import ACROSS, ACROSS_DATA, SUPERGRAPH, shop

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


async def test_health_of_a_gateway_with_a_graph(gateway: Gateway, shop_graph: Any) -> None:
    client = gateway()
    live = await client.request("GET", "/health/live")
    ready = await client.request("GET", "/health/ready")
    assert (live.status, live.json["status"]) == (200, "live")
    assert (ready.status, ready.json["status"]) == (200, "ready")
    assert ready.json["supergraph"] == shop_graph.version
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", ready.json["version"])
    assert (await client.request("HEAD", "/health/ready")).body == b""
    assert (await client.request("POST", "/health/live")).codes == ["METHOD_NOT_ALLOWED"]


async def test_in_dev_mode_what_subgraphs_serve_besides_graphql_is_served_below_their_names(
    gateway: Gateway,
) -> None:
    async def hook(scope: Message, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 202, "headers": []})
        await send({"type": "http.response.body", "body": scope["path"].encode()})

    dev = gateway(GatewayConfig(dev=True), reviews=hook)
    told = await dev.request("POST", "/reviews/webhooks/stars")
    assert (told.status, told.body) == (202, b"/webhooks/stars")
    for path in ("/reviews", "/reviews/", "/reviews/graphql", "/nobody/webhooks", "*"):
        assert (await dev.request("POST", path)).codes == ["NOT_FOUND"]
    assert (await gateway(reviews=hook).request("POST", "/reviews/webhooks/stars")).codes == ["NOT_FOUND"]


async def test_a_gateway_without_a_graph_is_live_and_not_ready() -> None:
    holder = SupergraphHolder()
    client = AsgiClient(create_app(GatewayConfig(), holder, clients=shop()))
    assert (await client.request("GET", "/health/live")).status == 200
    ready = await client.request("GET", "/health/ready")
    assert (ready.status, ready.json["status"]) == (503, "starting")
    answer = await client.graphql("{ whoAmI }")
    assert (answer.status, answer.codes) == (503, ["SUPERGRAPH_NOT_LOADED"])

    assert holder.replace(SUPERGRAPH) == ()
    assert (await client.request("GET", "/health/ready")).status == 200
    assert (await client.graphql(ACROSS)).json == {"data": ACROSS_DATA}


async def test_a_supergraph_that_cannot_be_served_is_refused_and_the_old_one_stays(shop_graph: Any) -> None:
    holder = SupergraphHolder(shop_graph)
    (refused,) = holder.replace("type Query {")
    assert refused.message
    assert [(place.line, place.column) for place in refused.locations] == [(1, 13)]
    assert holder.current is shop_graph


async def test_a_browser_gets_graphiql_and_its_files(gateway: Gateway) -> None:
    client = gateway(GatewayConfig(graphiql=GraphiQLConfig(default_query="{ whoAmI }")))
    page = await client.request("GET", "/graphql", headers=BROWSER)
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert b"{ whoAmI }" in page.body

    path = re.search(r'src="(/graphql/assets/[^"]+)"', page.body.decode())
    assert path is not None
    zipped = await client.request("GET", path[1], headers={"accept-encoding": "br, gzip"})
    plain = await client.request("GET", path[1], headers={"accept-encoding": "gzip;q=0, *"})
    assert (zipped.headers["content-encoding"], "content-encoding" in plain.headers) == ("gzip", False)
    assert gzip.decompress(zipped.body) == plain.body
    assert "immutable" in zipped.headers["cache-control"]
    again = await client.request("GET", path[1], headers={"if-none-match": plain.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert (await client.request("GET", "/graphql/assets/../page.py")).status == 404


async def test_who_asks_for_no_path_is_led_to_graphql(gateway: Gateway) -> None:
    led = await gateway().request("GET", "/")
    assert (led.status, led.headers["location"]) == (307, "/graphql")
    without = await gateway(GatewayConfig(graphiql=GraphiQLConfig(enabled=False))).request("GET", "/")
    assert (without.status, without.codes) == (404, ["NOT_FOUND"])


async def test_graphiql_can_be_turned_off(gateway: Gateway) -> None:
    client = gateway(GatewayConfig(graphiql=GraphiQLConfig(enabled=False)))
    answer = await client.request("GET", "/graphql", headers=BROWSER)
    assert (answer.status, answer.codes) == (400, ["BAD_REQUEST"])


async def test_the_query_plan_is_shown_in_dev_mode_to_who_asks(gateway: Gateway) -> None:
    asks = {"plait-expose-query-plan": "true"}
    dev, production = gateway(GatewayConfig(dev=True)), gateway()
    plan = (await dev.graphql(ACROSS, headers=asks)).json["extensions"]["queryPlan"]
    assert plan["kind"] == "QueryPlan"
    assert plan["node"]["kind"] == "Sequence"
    assert plan["text"].startswith("QueryPlan {")
    assert "extensions" not in (await dev.graphql(ACROSS)).json
    assert "extensions" not in (await production.graphql(ACROSS, headers=asks)).json


async def test_notices_are_shown_in_dev_mode_only(gateway: Gateway, shop_graph: Any) -> None:
    notices = Notices()
    dev, production = gateway(GatewayConfig(dev=True), notices=notices), gateway(notices=notices)
    empty = await dev.request("GET", "/graphql/notices")
    assert empty.json == {"supergraph": shop_graph.version, "notices": []}
    notices.show([INVALID_GRAPHQL.at("Query.a", "wrong", subgraphs=["stock"])])
    (notice,) = (await dev.request("GET", "/graphql/notices")).json["notices"]
    assert (notice["severity"], notice["code"], notice["coordinate"]) == (
        "error",
        "INVALID_GRAPHQL",
        "Query.a",
    )
    assert (await production.request("GET", "/graphql/notices")).status == 404


async def test_a_defect_is_masked_and_logged_under_the_number_that_the_client_gets(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    class Defect(SupergraphHolder):
        """A part of the gateway with a bug."""

        @property
        def current(self) -> Any:
            raise LookupError("a secret")

        @current.setter
        def current(self, graph: Any) -> None:
            pass

    with caplog.at_level(logging.ERROR):
        answer = await AsgiClient(create_app(GatewayConfig(), Defect())).graphql("{ whoAmI }")
    assert (answer.status, answer.codes) == (500, ["INTERNAL_SERVER_ERROR"])
    assert b"secret" not in answer.body
    assert answer.json["errors"][0]["extensions"]["incident"] in caplog.text
    assert "a secret" in caplog.text


async def test_the_lifespan_protocol() -> None:
    app = create_app(GatewayConfig(), SupergraphHolder())
    incoming: list[Message] = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent: list[str] = []

    async def receive() -> Message:
        return incoming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message["type"])

    await app({"type": "lifespan"}, receive, send)
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_a_graph_that_was_swapped_away_is_freed() -> None:
    """Also after `settle` has taken it out of the collector's sight."""
    thresholds = gc.get_threshold()
    try:
        holder = SupergraphHolder(load_graph(SUPERGRAPH))
        client = AsgiClient(create_app(GatewayConfig(), holder, clients=shop()))
        await client.graphql(ACROSS)
        settle()
        old = weakref.ref(holder.current)
        holder.replace(SUPERGRAPH.replace("left: Int", "remaining: Int"))
        settle()
        assert old() is None
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)


async def test_requests_hold_the_graph_that_they_began_with(shop_graph: Any) -> None:
    """The graph is swapped while a subgraph is being asked; the answer is the old graph's."""
    holder = SupergraphHolder(shop_graph)
    apps = shop()
    real = apps["products"]

    async def products(scope: Any, receive: Any, send: Any) -> None:
        assert holder.replace(SUPERGRAPH.replace("left: Int", "remaining: Int")) == ()
        await real(scope, receive, send)

    client = AsgiClient(create_app(GatewayConfig(), holder, clients={**apps, "products": products}))
    assert (await client.graphql(ACROSS)).json == {"data": ACROSS_DATA}
    assert (await client.graphql(ACROSS)).codes == ["GRAPHQL_VALIDATION_FAILED"]
