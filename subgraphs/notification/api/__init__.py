"""Notification as a subgraph: what people were told, and what they wish to hear.

Owns Notification; adds to identity's User their inbox.
"""

from subgraphs.kernel.graphql.schema import FederatedSchema
from subgraphs.notification.api.descriptions import DESCRIPTIONS
from subgraphs.notification.api.mutation import Mutation
from subgraphs.notification.api.query import Query
from subgraphs.notification.api.users import User

schema = FederatedSchema(query=Query, mutation=Mutation, types=[User], descriptions=DESCRIPTIONS)
