"""What a supervisor asks: does the process run, and can it answer?"""

from importlib.metadata import version

import msgspec

from plait_gateway.server.exchange import HttpResponse
from plait_gateway.supergraph import ServedGraph, SupergraphHolder

_HEADERS = ((b"cache-control", b"no-store"),)


def live() -> HttpResponse:
    """200 while the event loop turns."""
    return _health(200, "live", None)


def ready(supergraph: SupergraphHolder) -> HttpResponse:
    """200 once there is a graph to answer from, 503 before; with the graph's version,
    and what its registry calls it."""
    graph = supergraph.current
    return _health(503, "starting", None) if graph is None else _health(200, "ready", graph)


def _health(status: int, state: str, graph: ServedGraph | None) -> HttpResponse:
    body: dict[str, str] = {"status": state, "version": version("plait")}
    if graph is not None:
        body["supergraph"] = graph.version
        if graph.release is not None:
            body["release"] = graph.release
    return HttpResponse(status, "application/json", msgspec.json.encode(body), _HEADERS)
