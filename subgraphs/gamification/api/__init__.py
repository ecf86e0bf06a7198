"""Gamification as a subgraph: what can be seen of it. XP comes of events, never of a client's request.

Owns what players earn; adds it to identity's User, and what there is to earn to learning's Course.
"""

from subgraphs.gamification.api.courses import Course
from subgraphs.gamification.api.query import Query
from subgraphs.kernel.graphql.schema import FederatedSchema

schema = FederatedSchema(query=Query, types=[Course])
