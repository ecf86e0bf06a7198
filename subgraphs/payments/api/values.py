"""The domain's choices as GraphQL enums."""

import strawberry

from subgraphs.payments.domain.dispute import DisputeStatus
from subgraphs.payments.domain.plans import Plan
from subgraphs.payments.domain.subscription import SubscriptionStatus
from subgraphs.payments.domain.values import PaymentMethod, PaymentStatus

strawberry.enum(PaymentStatus, description="How far a payment has come.")
strawberry.enum(PaymentMethod, description="How somebody pays.")
strawberry.enum(DisputeStatus, description="What a payer's bank has decided.")
strawberry.enum(Plan, name="SubscriptionPlanName", description="How often one pays.")
strawberry.enum(SubscriptionStatus, description="Whether it has been paid for yet, and whether it goes on.")

__all__ = ["DisputeStatus", "PaymentMethod", "PaymentStatus", "Plan", "SubscriptionStatus"]
