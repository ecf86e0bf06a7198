"""How to reach a subgraph. Everything that talks to one is a `Send`; resilience is a wrapper around it.

`http/` speaks HTTP, `in_process.py` calls an ASGI app in this process, `routing.py` picks one per subgraph,
`timeout.py` bounds the time that any of them may take, `deduplicate.py` asks once what several ask at once.
`coroutines.py` is for who awaits an exchange, or is a coroutine, `counts.py` for metrics.
"""

from plait_gateway.clients.coroutines import Ask, asking, sending
from plait_gateway.clients.counts import Counts
from plait_gateway.clients.deduplicate import deduplicated
from plait_gateway.clients.http import HttpClient
from plait_gateway.clients.in_process import in_process
from plait_gateway.clients.routing import by_subgraph
from plait_gateway.clients.send import Outcome, Send, SubgraphRequest, SubgraphResponse, SubgraphUnreachable
from plait_gateway.clients.timeout import with_timeout

__all__ = [
    "Ask",
    "Counts",
    "HttpClient",
    "Outcome",
    "Send",
    "SubgraphRequest",
    "SubgraphResponse",
    "SubgraphUnreachable",
    "asking",
    "by_subgraph",
    "deduplicated",
    "in_process",
    "sending",
    "with_timeout",
]
