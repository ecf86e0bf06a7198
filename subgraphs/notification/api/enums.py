"""Enums as GraphQL types, imported from here so that Strawberry knows them in time."""

import strawberry

from subgraphs.contracts.notification import Channel, Template
from subgraphs.notification.domain.kinds import Category
from subgraphs.notification.domain.notification import DeliveryStatus

__all__ = ["Category", "Channel", "DeliveryStatus", "Template"]

strawberry.enum(Channel, name="NotificationChannel", description="A way to somebody.")
strawberry.enum(Template, name="NotificationTemplate", description="What can be said.")
strawberry.enum(
    Category,
    name="NotificationCategory",
    description="What people choose by. Mails of the category ACCOUNT cannot be turned off.",
)
strawberry.enum(
    DeliveryStatus, name="NotificationStatus", description="How far something has come by a channel."
)
