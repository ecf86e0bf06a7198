"""Classes as a subgraph: GraphQL in, commands and queries out.

Owns Class and ClassEnrollment; adds the classes that teach it to learning's Course, and those that they take
and teach to identity's User.
"""

from subgraphs.classes.api.descriptions import DESCRIPTIONS
from subgraphs.classes.api.mutation import Mutation
from subgraphs.classes.api.people import Course, User
from subgraphs.classes.api.query import Query
from subgraphs.kernel.graphql.schema import FederatedSchema

schema = FederatedSchema(query=Query, mutation=Mutation, types=[Course, User], descriptions=DESCRIPTIONS)
