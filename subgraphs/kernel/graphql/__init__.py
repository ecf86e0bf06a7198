"""A federated subgraph over HTTP in front of the two buses.

app         the ASGI application: GraphQL over HTTP, errors masked
schema      a Strawberry federation schema that loads entities in batches
context     what resolvers find in `info.context`
errors      the typed errors of mutation payloads, and errors as clients see them
pagination  pages of any type
tokens      who is asking, from a verified token
export      the SDL files that `plait compose` reads
"""
