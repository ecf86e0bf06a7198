"""Subscriptions and plans."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

import strawberry

from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.money import Money
from subgraphs.kernel.graphql.schema import Representation
from subgraphs.payments.api.values import Plan, SubscriptionStatus
from subgraphs.payments.domain.plans import TERMS
from subgraphs.payments.queries.subscriptions import SubscriptionsById, SubscriptionView


@strawberry.federation.type(tags=["public"], description="What a subscription costs, and how long it lasts.")
class SubscriptionPlan:
    name: Plan
    price: Money
    months: int

    @classmethod
    def of(cls, plan: Plan) -> Self:
        terms = TERMS[plan]
        return cls(name=plan, price=Money.of(terms.price), months=terms.months)


@strawberry.federation.type(
    keys=["id"], tags=["personal-data"], description="A student's subscription to the academy."
)
class StudentSubscription:
    id: strawberry.ID
    status: SubscriptionStatus
    started_at: datetime
    paid_until: datetime | None
    cancelled_at: datetime | None
    plan_name: strawberry.Private[Plan]

    @strawberry.field
    def plan(self) -> SubscriptionPlan:
        return SubscriptionPlan.of(self.plan_name)

    @classmethod
    def of(cls, view: SubscriptionView) -> Self:
        return cls(
            id=strawberry.ID(view.id),
            status=view.status,
            started_at=view.started_at,
            paid_until=view.paid_until,
            cancelled_at=view.cancelled_at,
            plan_name=view.plan,
        )

    @classmethod
    async def resolve_references(
        cls, info: Info, keys: Sequence[Representation]
    ) -> "Sequence[StudentSubscription | None]":
        if info.context.actor is None:
            return [None] * len(keys)
        return await load_subscriptions(info.context, [str(key.get("id")) for key in keys])


async def load_subscriptions(context: GraphQLContext, ids: list[str]) -> list[StudentSubscription | None]:
    """Subscriptions by id; None for those that do not exist or may not be seen."""
    found = await context.ask(SubscriptionsById(tuple(ids)))
    return [StudentSubscription.of(found[one]) if one in found else None for one in ids]
