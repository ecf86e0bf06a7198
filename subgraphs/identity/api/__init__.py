"""The identity subgraph: GraphQL in, commands and queries out. It owns the entity User."""

from subgraphs.identity.api.descriptions import DESCRIPTIONS
from subgraphs.identity.api.mutation import Mutation
from subgraphs.identity.api.query import Query
from subgraphs.kernel.graphql.schema import FederatedSchema

schema = FederatedSchema(query=Query, mutation=Mutation, descriptions=DESCRIPTIONS)
