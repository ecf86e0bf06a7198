"""Payments as a subgraph: GraphQL in, commands and queries out.

Owns Payment, Invoice, CreditNote and StudentSubscription; adds to identity's User what they pay.
"""

from subgraphs.kernel.graphql.schema import FederatedSchema
from subgraphs.payments.api.descriptions import DESCRIPTIONS
from subgraphs.payments.api.mutation import Mutation
from subgraphs.payments.api.people import User
from subgraphs.payments.api.query import Query

schema = FederatedSchema(query=Query, mutation=Mutation, types=[User], descriptions=DESCRIPTIONS)
