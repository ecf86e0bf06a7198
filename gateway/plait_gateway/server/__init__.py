"""GraphQL over HTTP as a raw ASGI app, and directly where a request waits for subgraphs alone.

`application.py` says which path is served by what; `hosts.py` refuses names that are none of ours. For
/graphql, `graphql_request.py` reads the exchange, `graphql.py` hands it to the pipeline and chooses status
and media type, `shared_answers.py` answers equal queries once, if that is wanted, and `disconnect.py` looks
after clients that leave. `run.py` is the process around it; `direct.py` is its HTTP protocol, which hands
requests to ASGI only when `direct_requests.py` cannot answer them without.
"""

from plait_gateway.server.application import NOTICES_PATH, GatewayApplication
from plait_gateway.server.graphql import GraphQLEndpoint
from plait_gateway.server.hosts import AllowedHosts
from plait_gateway.server.shared_answers import SharedAnswers

__all__ = ["NOTICES_PATH", "AllowedHosts", "GatewayApplication", "GraphQLEndpoint", "SharedAnswers"]
