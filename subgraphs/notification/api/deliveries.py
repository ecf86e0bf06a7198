"""How things got to people, for the staff."""

# Strawberry declares its decorators as Any when they are called with keywords.
# mypy: allow-untyped-decorators

from datetime import datetime
from typing import Self

import strawberry

from subgraphs.kernel.graphql.context import Info
from subgraphs.notification.api.enums import Channel, DeliveryStatus, Template
from subgraphs.notification.api.notifications import Notification, load_notifications
from subgraphs.notification.api.users import User
from subgraphs.notification.queries import DeliveryView


@strawberry.type(description="How something that somebody is told gets to them by one channel.")
class NotificationDelivery:
    channel: Channel
    status: DeliveryStatus
    template: Template
    attempt: int = strawberry.field(description="How often the staff had it sent, from 1.")
    created_at: datetime
    settled_at: datetime | None = strawberry.field(description="When a provider took or refused it.")
    reason: str | None = strawberry.field(description="The code of why it failed.")
    view: strawberry.Private[DeliveryView]

    @strawberry.field(description="Whom it is for; null for somebody without an account.")
    def user(self) -> User | None:
        return User(id=strawberry.ID(self.view.user_id)) if self.view.user_id else None

    @strawberry.field
    async def notification(self, info: Info) -> Notification | None:
        return await info.context.load(self.view.notification_id, load_notifications)

    @classmethod
    def of(cls, view: DeliveryView) -> Self:
        return cls(
            channel=view.channel,
            status=view.status,
            template=view.template,
            attempt=view.attempt,
            created_at=view.created_at,
            settled_at=view.settled_at,
            reason=view.reason,
            view=view,
        )
