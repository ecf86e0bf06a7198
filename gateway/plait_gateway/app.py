"""The composition root: configuration and a supergraph to an ASGI app. The only place that wires parts."""

from collections.abc import Mapping

from plait_gateway.asgi import ASGIApp
from plait_gateway.clients import HttpClient, Send, by_subgraph, deduplicated, in_process, with_timeout
from plait_gateway.config import GatewayConfig
from plait_gateway.graphiql import GraphiQLSettings
from plait_gateway.pipeline import Pipeline
from plait_gateway.server import NOTICES_PATH, GatewayApplication, GraphQLEndpoint, SharedAnswers
from plait_gateway.supergraph import Notices, ServedGraph, SupergraphHolder
from plait_schema.supergraph import SubgraphEndpoint


def create_app(
    config: GatewayConfig,
    supergraph: SupergraphHolder,
    *,
    clients: Mapping[str, ASGIApp] | None = None,
    notices: Notices | None = None,
) -> GatewayApplication:
    """The gateway over whatever graph the holder has.

    `clients` are subgraphs to be called in this process, by name; all others are reached over HTTP.
    `notices` are shown in dev mode.
    """
    http = HttpClient(connections=config.subgraphs.connections)
    local = clients or {}

    def client(endpoint: SubgraphEndpoint) -> Send:
        settings = config.subgraphs
        app = local.get(endpoint.name)
        send = (
            http.to(endpoint.url, max_response_bytes=settings.response_bytes_of(endpoint.name))
            if app is None
            else in_process(app, endpoint.url)
        )
        return with_timeout(send, settings.timeout_of(endpoint.name))

    def connect(graph: ServedGraph) -> Send:
        send = by_subgraph({name: client(endpoint) for name, endpoint in graph.supergraph.subgraphs.items()})
        return deduplicated(send) if config.subgraphs.deduplicate else send

    pipeline = Pipeline(connect, config.limits, expose_query_plans=config.dev)
    return GatewayApplication(
        GraphQLEndpoint(pipeline, supergraph, config, shared=SharedAnswers() if config.deduplicate else None),
        supergraph,
        graphiql=_graphiql(config),
        notices=notices if config.dev else None,
        close=http.close,
    )


def _graphiql(config: GatewayConfig) -> GraphiQLSettings | None:
    if not config.graphiql.enabled:
        return None
    return GraphiQLSettings(
        default_query=config.graphiql.default_query,
        headers=config.graphiql.default_headers,
        notices_url=NOTICES_PATH if config.dev else None,
        query_plan=config.dev,
    )
