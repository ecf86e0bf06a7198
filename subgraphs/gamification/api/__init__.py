"""Gamification as a subgraph. XP comes of what players do elsewhere, and of quests that they have fulfilled.

Owns PlayerProfile and what players earn; adds it to identity's User, and what there is to earn to learning's
Course.
"""

from subgraphs.gamification.api.courses import Course
from subgraphs.gamification.api.descriptions import DESCRIPTIONS
from subgraphs.gamification.api.mutation import Mutation
from subgraphs.gamification.api.query import Query
from subgraphs.kernel.graphql.schema import FederatedSchema

schema = FederatedSchema(query=Query, mutation=Mutation, types=[Course], descriptions=DESCRIPTIONS)
