"""Learning as a subgraph: GraphQL in, commands and queries out.

Owns Course, Lesson and Exercise; adds to identity's User what they teach and how they learn.
"""

from subgraphs.kernel.graphql.schema import FederatedSchema
from subgraphs.learning.api.descriptions import DESCRIPTIONS
from subgraphs.learning.api.mutation import Mutation
from subgraphs.learning.api.people import User
from subgraphs.learning.api.query import Query

schema = FederatedSchema(query=Query, mutation=Mutation, types=[User], descriptions=DESCRIPTIONS)
