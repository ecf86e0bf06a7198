"""What happened to a notification. Others hear of it by contracts/notification.py."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from subgraphs.contracts.notification import Channel
from subgraphs.kernel.domain import DomainEvent, Identifier


@dataclass(frozen=True, slots=True)
class NotificationSent(DomainEvent):
    name: ClassVar[str] = "notification.notification_sent"

    notification_id: Identifier
    channel: Channel
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class NotificationFailed(DomainEvent):
    name: ClassVar[str] = "notification.notification_failed"

    notification_id: Identifier
    channel: Channel
    reason: str
    occurred_at: datetime
