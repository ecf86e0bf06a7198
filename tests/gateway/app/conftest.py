"""The gateway of tests: the shop's graph, its subgraphs in this process."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from plait_gateway.app import create_app
from plait_gateway.asgi import ASGIApp
from plait_gateway.config import GatewayConfig
from plait_gateway.supergraph import Notices, SupergraphHolder, load_graph
from plait_gateway.usage import UsageRecorder
from tests.gateway.asgi_client import AsgiClient
from tests.gateway.shop import SUPERGRAPH, shop

#: Makes a client to a gateway over the shop's graph; keywords replace subgraphs.
Gateway: TypeAlias = Callable[..., AsgiClient]


@pytest.fixture(scope="session")
def shop_graph() -> Any:
    """The loaded graph, which nothing changes."""
    return load_graph(SUPERGRAPH)


@pytest.fixture
def gateway(shop_graph: Any) -> Gateway:
    """See `Gateway`."""

    def make(
        config: GatewayConfig | None = None,
        *,
        notices: Notices | None = None,
        usage: UsageRecorder | None = None,
        **replaced: ASGIApp,
    ) -> AsgiClient:
        holder = SupergraphHolder(shop_graph)
        config = config or GatewayConfig()
        clients = shop(**replaced)
        return AsgiClient(create_app(config, holder, clients=clients, notices=notices, usage=usage))

    return make
