"""Tutoring as a subgraph: who teaches what, when and for how much.

Owns TutorProfile; adds it to identity's User.
"""

from subgraphs.kernel.graphql.schema import FederatedSchema
from subgraphs.tutoring.api.descriptions import DESCRIPTIONS
from subgraphs.tutoring.api.mutation import Mutation
from subgraphs.tutoring.api.query import Query

schema = FederatedSchema(query=Query, mutation=Mutation, descriptions=DESCRIPTIONS)
