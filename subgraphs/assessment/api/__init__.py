"""Assessment as a subgraph: GraphQL in, commands and queries out.

Owns Assignment and Submission; adds to learning's Course and to Class of classes what is to be handed in,
and to identity's User what was.
"""

from subgraphs.assessment.api.assignments import Class, Course
from subgraphs.assessment.api.descriptions import DESCRIPTIONS
from subgraphs.assessment.api.mutation import Mutation
from subgraphs.assessment.api.people import User
from subgraphs.assessment.api.query import Query
from subgraphs.kernel.graphql.schema import FederatedSchema

schema = FederatedSchema(
    query=Query, mutation=Mutation, types=[Class, Course, User], descriptions=DESCRIPTIONS
)
