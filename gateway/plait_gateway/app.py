"""The composition root: configuration and a supergraph to an ASGI app. The only place that wires parts."""

from collections.abc import Iterator, Mapping
from random import random

from plait_gateway.asgi import ASGIApp
from plait_gateway.authentication import Identifies
from plait_gateway.clients import (
    Counts,
    HttpClient,
    Send,
    by_subgraph,
    deduplicated,
    in_process,
    with_timeout,
)
from plait_gateway.config import AuthenticationConfig, GatewayConfig
from plait_gateway.graphiql import GraphiQLSettings
from plait_gateway.metrics import (
    Metric,
    RequestDurations,
    cache_metrics,
    execution_metrics,
    pool_metrics,
    subgraph_metrics,
)
from plait_gateway.pipeline import (
    DecideLabels,
    DecidePolicies,
    Disclosure,
    Gate,
    Pipeline,
    labels_by_configuration,
)
from plait_gateway.server import (
    NOTICES_PATH,
    AllowedHosts,
    GatewayApplication,
    GraphQLEndpoint,
    SharedAnswers,
)
from plait_gateway.supergraph import Notices, ServedGraph, SupergraphHolder
from plait_gateway.usage import UsageRecorder
from plait_schema.supergraph import SubgraphEndpoint


def create_app(
    config: GatewayConfig,
    supergraph: SupergraphHolder,
    *,
    clients: Mapping[str, ASGIApp] | None = None,
    notices: Notices | None = None,
    decide_labels: DecideLabels | None = None,
    documents: Mapping[str, str] | None = None,
    usage: UsageRecorder | None = None,
    decide_policies: DecidePolicies | None = None,
    pages: Mapping[str, ASGIApp] | None = None,
) -> GatewayApplication:
    """The gateway over whatever graph the holder has.

    `clients` are subgraphs to be called in this process, by name; all others are reached over HTTP. In dev
    mode what they serve besides GraphQL is served, too. `notices` are shown in dev mode. `decide_labels`
    decides for each request which labels of `@override` are on, instead of the configuration. `documents` are
    planned in advance, by the names of their files. `usage` counts the operations that are answered.
    `decide_policies` says which policies of `@policy` hold for a client. `pages` are served besides in dev
    mode, each for all paths that begin as it is called.
    """
    http = HttpClient(connections=config.subgraphs.connections)
    local = clients or {}
    counts = Counts()
    durations = RequestDurations()
    shared = SharedAnswers() if config.deduplicate else None

    def client(endpoint: SubgraphEndpoint) -> Send:
        settings = config.subgraphs
        app = local.get(endpoint.name)
        limit = settings.response_bytes_of(endpoint.name)
        send = (
            http.to(endpoint.url, max_response_bytes=limit)
            if app is None
            else in_process(app, endpoint.url, max_response_bytes=limit)
        )
        return with_timeout(send, settings.timeout_of(endpoint.name), counts)

    def connect(graph: ServedGraph) -> Send:
        sends = {name: client(endpoint) for name, endpoint in graph.supergraph.subgraphs.items()}
        send = by_subgraph(sends, counts)
        return deduplicated(send, counts) if config.subgraphs.deduplicate else send

    pipeline = Pipeline(
        connect,
        config.limits,
        decide_labels or labels_by_configuration(config.override_labels, random),
        Disclosure(config.subgraph_errors, is_dev=config.dev),
        Gate(config.authorization, decide_policies),
        introspection=config.introspection,
        expose_query_plans=config.dev,
        sign_operations=usage is not None,
    )

    def metrics() -> Iterator[Metric]:
        yield durations.metric()
        if shared is not None:
            yield shared.metric()
        yield from execution_metrics(pipeline.counters)
        yield from cache_metrics(pipeline.cache_counts, pipeline.cache_sizes())
        yield from subgraph_metrics(counts)
        yield from pool_metrics(http.states())
        if usage is not None:
            yield usage.metric()

    return GatewayApplication(
        GraphQLEndpoint(
            pipeline,
            supergraph,
            config,
            shared=shared,
            usage=usage,
            authenticator=_authenticator(config.authentication),
        ),
        supergraph,
        graphiql=_graphiql(config),
        notices=notices if config.dev else None,
        metrics=metrics if config.metrics.enabled else None,
        durations=durations,
        warm_up=lambda graph: pipeline.warm_up(graph, config.warm_up, documents),
        close=http.close,
        beside=local if config.dev else None,
        pages=pages if config.dev else None,
        hosts=None if config.allowed_hosts is None else AllowedHosts(config.allowed_hosts),
    )


def _authenticator(config: AuthenticationConfig) -> Identifies | None:
    if config.jwks is None:
        return None

    from plait_gateway.authentication.authenticator import Authenticator  # 8 MB that only this needs
    from plait_gateway.authentication.key_source import key_source

    return Authenticator(config, key_source(config.jwks, refresh_seconds=config.refresh_seconds))


def _graphiql(config: GatewayConfig) -> GraphiQLSettings | None:
    if not config.graphiql.enabled:
        return None
    return GraphiQLSettings(
        default_query=config.graphiql.default_query,
        headers=config.graphiql.default_headers,
        notices_url=NOTICES_PATH if config.dev else None,
        query_plan=config.dev,
        examples=config.graphiql.examples,
        sign_in=config.graphiql.sign_in,
    )
