"""Something said to somebody, and how it got there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from subgraphs.contracts.notification import Channel, Template
from subgraphs.kernel.domain import (
    AggregateRoot,
    DomainError,
    Failure,
    Identifier,
    Result,
    Success,
    ValueObject,
)
from subgraphs.notification.domain.errors import CONTENT_GONE, NOT_FAILED
from subgraphs.notification.domain.events import NotificationFailed, NotificationSent
from subgraphs.notification.domain.kinds import KINDS
from subgraphs.notification.domain.recipient import RecipientId


class NotificationId(Identifier):
    __slots__ = ()


class DeliveryStatus(StrEnum):
    """How far something has come by a channel."""

    PENDING = "PENDING"
    SENT = "SENT"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Body(ValueObject):
    """What is said at length, plain and as HTML."""

    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Content(ValueObject):
    """What is said; the subject says the most important in a line."""

    subject: str
    body: Body


@dataclass(frozen=True, slots=True)
class Delivery(ValueObject):
    """One way to somebody. `attempt` counts how often the staff had it sent, from 1."""

    channel: Channel
    status: DeliveryStatus = DeliveryStatus.PENDING
    attempt: int = 1
    settled_at: datetime | None = None
    reason: str | None = None


@dataclass(eq=False, kw_only=True)
class Notification(AggregateRoot[NotificationId]):
    """Said to a user, who finds it in their inbox as well; or to somebody at an `email` address.

    `body` is None once it is not kept any more.
    """

    recipient_id: RecipientId | None
    email: str | None
    template: Template
    subject: str
    body: Body | None
    created_at: datetime
    read_at: datetime | None = None
    deliveries: tuple[Delivery, ...] = ()

    @classmethod
    def addressed(
        cls,
        id_: NotificationId,
        template: Template,
        content: Content,
        *,
        to: RecipientId | None,
        email: str | None,
        channels: Sequence[Channel],
        at: datetime,
    ) -> Self:
        """One that is to go out by these channels."""
        return cls(
            id=id_,
            recipient_id=to,
            email=email,
            template=template,
            subject=content.subject,
            body=content.body,
            created_at=at,
            deliveries=tuple(map(Delivery, channels)),
        )

    @classmethod
    def impossible(
        cls,
        id_: NotificationId,
        template: Template,
        reason: DomainError,
        *,
        to: RecipientId | None,
        email: str | None,
        at: datetime,
    ) -> Self:
        """One that nobody can be told, for this reason: it is on record for the staff."""
        failed = Delivery(Channel.EMAIL, DeliveryStatus.FAILED, settled_at=at, reason=reason.code)
        notification = cls(
            id=id_,
            recipient_id=to,
            email=email,
            template=template,
            subject="",
            body=None,
            created_at=at,
            deliveries=(failed,),
        )
        notification.raise_(NotificationFailed(id_, Channel.EMAIL, reason.code, at))
        return notification

    def delivery(self, channel: Channel) -> Delivery | None:
        return next((one for one in self.deliveries if one.channel is channel), None)

    def sent(self, channel: Channel, at: datetime) -> None:
        """A provider has taken it."""
        self._settle(channel, DeliveryStatus.SENT, at, None)
        self.raise_(NotificationSent(self.id, channel, at))

    def failed(self, channel: Channel, reason: str, at: datetime) -> None:
        """A provider will not take it."""
        self._settle(channel, DeliveryStatus.FAILED, at, reason)
        self.raise_(NotificationFailed(self.id, channel, reason, at))

    def read(self, at: datetime) -> None:
        self.read_at = self.read_at or at

    def resend(self) -> Result[tuple[Delivery, ...], DomainError]:
        """Send it again where it failed; what is to be sent. NOT_FAILED, CONTENT_GONE."""
        failed = [one.channel for one in self.deliveries if one.status is DeliveryStatus.FAILED]
        if not failed:
            return Failure(NOT_FAILED)
        if self.body is None:
            return Failure(CONTENT_GONE)
        self.deliveries = tuple(
            Delivery(one.channel, attempt=one.attempt + 1) if one.channel in failed else one
            for one in self.deliveries
        )
        return Success(tuple(one for one in self.deliveries if one.channel in failed))

    def _settle(self, channel: Channel, status: DeliveryStatus, at: datetime, reason: str | None) -> None:
        self.deliveries = tuple(
            replace(one, status=status, settled_at=at, reason=reason) if one.channel is channel else one
            for one in self.deliveries
        )
        if KINDS[self.template].is_secret and not any(
            one.status is DeliveryStatus.PENDING for one in self.deliveries
        ):
            self.body = None
