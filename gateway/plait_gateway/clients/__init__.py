"""How to reach a subgraph. Everything that talks to one is a `Send`; resilience is a wrapper around it."""

from plait_gateway.clients.send import Send, SubgraphRequest, SubgraphResponse, SubgraphUnreachable

__all__ = ["Send", "SubgraphRequest", "SubgraphResponse", "SubgraphUnreachable"]
