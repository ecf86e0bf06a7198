"""What clients see of errors that subgraphs report, by configuration."""

import json
import logging
from typing import Any

import pytest

from plait_gateway.asgi import Receive, Scope, SendMessage
from plait_gateway.config import GatewayConfig, SubgraphErrorsConfig
from tests.gateway.app.conftest import Gateway
from tests.gateway.shop import ACROSS
from tests.gateway.subgraph_app import answer_with

REPORTED = {
    "message": "connection to db-1.internal lost",
    "path": ["_entities", 0, "left"],
    "extensions": {"code": "NO_STOCK", "stacktrace": ["at db.py"], "retry": True},
}
CODE_AND_NAME = {"code": "NO_STOCK", "serviceName": "stock"}
MASKED = "The subgraph reported an error"


async def _failing(_scope: Scope, _receive: Receive, send: SendMessage) -> None:
    body = {"data": {"_entities": [{"left": None}, {"left": 0}]}, "errors": [REPORTED]}
    await answer_with(send, json.dumps(body).encode())


def _config(**settings: Any) -> GatewayConfig:
    return GatewayConfig(subgraph_errors=SubgraphErrorsConfig(**settings))


@pytest.mark.parametrize(
    ("config", "message", "extensions"),
    [
        (GatewayConfig(), MASKED, CODE_AND_NAME),
        (_config(include=("products",)), MASKED, CODE_AND_NAME),
        (_config(message="Sorry"), "Sorry", CODE_AND_NAME),
        (_config(extensions=("code", "retry")), MASKED, CODE_AND_NAME | {"retry": True}),
        (_config(extensions=()), MASKED, {"code": "DOWNSTREAM_SERVICE_ERROR", "serviceName": "stock"}),
        (_config(service_name=False), MASKED, {"code": "NO_STOCK"}),
        (
            _config(include=("stock",)),
            REPORTED["message"],
            REPORTED["extensions"] | {"serviceName": "stock"},  # type: ignore[operator]  # a mapping
        ),
        (
            _config(include=("*",), service_name=False),
            REPORTED["message"],
            REPORTED["extensions"],
        ),
        (
            GatewayConfig(dev=True),
            REPORTED["message"],
            REPORTED["extensions"] | {"serviceName": "stock"},  # type: ignore[operator]  # a mapping
        ),
    ],
)
async def test_what_clients_see(
    gateway: Gateway, config: GatewayConfig, message: str, extensions: Any
) -> None:
    answer = await gateway(config, stock=_failing).graphql(ACROSS)
    assert answer.json["errors"] == [
        {"message": message, "path": ["products", 0, "left"], "extensions": extensions}
    ]


async def test_what_is_kept_from_clients_is_in_the_log(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        await gateway(stock=_failing).graphql(ACROSS)
    assert "subgraph stock reported: 'connection to db-1.internal lost'" in caplog.text


async def test_the_gateways_own_words_are_not_masked(gateway: Gateway) -> None:
    async def short(_scope: Scope, _receive: Receive, send: SendMessage) -> None:
        await answer_with(send, b'{"data": {"_entities": []}}')

    (error,) = (await gateway(stock=short).graphql(ACROSS)).json["errors"]
    assert error["message"] == "The subgraph answered 0 entities for 2 representations"
    assert error["extensions"] == {"code": "SUBGRAPH_INVALID_RESPONSE", "serviceName": "stock"}
