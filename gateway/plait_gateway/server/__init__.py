"""GraphQL over HTTP as a raw ASGI app.

`application.py` says which path is served by what. For /graphql, `graphql_request.py` reads the exchange,
`graphql.py` hands it to the pipeline and chooses status and media type. `run.py` is the process around it.
"""

from plait_gateway.server.application import NOTICES_PATH, GatewayApplication
from plait_gateway.server.graphql import GraphQLEndpoint

__all__ = ["NOTICES_PATH", "GatewayApplication", "GraphQLEndpoint"]
