"""What notification can be asked. Never cached: what somebody is told is theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.contracts.identity import STAFF_ROLES
from subgraphs.contracts.notification import Channel, Template
from subgraphs.kernel.application.buses import QueryBus, QueryError
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.policies import authenticated, has_role
from subgraphs.kernel.application.request import FORBIDDEN, SYSTEM, RequestContext
from subgraphs.kernel.domain import Slice, SliceRequest
from subgraphs.kernel.store.slices import slice_of
from subgraphs.notification.domain.kinds import KINDS, Category
from subgraphs.notification.domain.notification import Content, DeliveryStatus
from subgraphs.notification.domain.recipient import DEFAULT_WISHES, RecipientId, Wishes
from subgraphs.notification.rendering import Renderer
from subgraphs.notification.repository import find_recipient
from subgraphs.notification.samples import preview
from subgraphs.notification.tables import delivery, notification, recipient


@dataclass(frozen=True, slots=True)
class NotificationView:
    """Something that a user was told; `text` is None when it is not kept."""

    id: str
    recipient_id: str | None
    template: Template
    category: Category
    subject: str
    text: str | None
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """How something got to somebody, for the staff."""

    notification_id: str
    user_id: str | None
    template: Template
    channel: Channel
    status: DeliveryStatus
    attempt: int
    created_at: datetime
    settled_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class PreferencesView:
    """What a user wishes to hear, and where they are reached."""

    wishes: Wishes
    phone: str | None
    device_count: int


@dataclass(frozen=True, slots=True)
class Notifications(Query[Slice[NotificationView]]):
    """What a user was told, the newest first; for that user alone."""

    user_id: str
    page: SliceRequest
    only_unread: bool = False


@dataclass(frozen=True, slots=True)
class NotificationsByIds(Query[Mapping[str, NotificationView]]):
    """Notifications by id: one's own, and all for the staff. Others are missing."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnreadCounts(Query[Mapping[str, int]]):
    """How much users have not read: oneself, and everybody for the staff. Others are missing."""

    user_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotificationPreferences(Query[PreferencesView]):
    """What the asker wishes to hear."""


@dataclass(frozen=True, slots=True)
class NotificationDeliveries(Query[Slice[DeliveryView]]):
    """How things got to people, the newest first; for the staff."""

    page: SliceRequest
    status: DeliveryStatus | None = None
    template: Template | None = None
    user_id: str | None = None


@dataclass(frozen=True, slots=True)
class NotificationPreview(Query[Content]):
    """What a template looks like; for the staff."""

    template: Template


def register(bus: QueryBus, *, renderer: Renderer) -> None:
    """Register every query with its handler."""
    staff = has_role(*STAFF_ROLES)

    async def previewed(
        query: NotificationPreview, _connection: AsyncConnection, _request: RequestContext
    ) -> Content:
        return preview(renderer, query.template)

    bus.register(Notifications, notifications, allow=authenticated)
    bus.register(NotificationsByIds, notifications_by_ids, allow=authenticated)
    bus.register(UnreadCounts, unread_counts, allow=authenticated)
    bus.register(NotificationPreferences, notification_preferences, allow=authenticated)
    bus.register(NotificationDeliveries, notification_deliveries, allow=staff)
    bus.register(NotificationPreview, previewed, allow=staff)


async def notifications(
    query: Notifications, connection: AsyncConnection, request: RequestContext
) -> Slice[NotificationView]:
    if request.actor_id != query.user_id:
        raise QueryError(FORBIDDEN)
    rows = _INBOX.where(notification.c.recipient_id == query.user_id)
    if query.only_unread:
        rows = rows.where(_IS_UNREAD)
    found = await slice_of(
        rows, [notification.c.created_at, notification.c.id], query.page, connection, newest_first=True
    )
    return found.map(_view)


async def notifications_by_ids(
    query: NotificationsByIds, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, NotificationView]:
    wanted = [notification.c.id.in_(query.ids), *_only_own(notification.c.recipient_id, request)]
    rows = await connection.execute(_INBOX.where(*wanted))
    return {row.id: _view(row) for row in rows}


async def unread_counts(
    query: UnreadCounts, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, int]:
    visible = [one for one in query.user_ids if request.actor_id == one or _is_staff(request)]
    rows = await connection.execute(
        select(notification.c.recipient_id, func.count().label("number"))
        .select_from(_JOINED)
        .where(notification.c.recipient_id.in_(visible), _IS_UNREAD)
        .group_by(notification.c.recipient_id)
    )
    return {**dict.fromkeys(visible, 0), **{row.recipient_id: row.number for row in rows}}


async def notification_preferences(
    _: NotificationPreferences, connection: AsyncConnection, request: RequestContext
) -> PreferencesView:
    who = await find_recipient(connection, RecipientId(request.actor_id or ""))
    if who is None:
        return PreferencesView(DEFAULT_WISHES, None, 0)
    return PreferencesView(who.wishes, str(who.phone) if who.phone else None, len(who.devices))


async def notification_deliveries(
    query: NotificationDeliveries, connection: AsyncConnection, _: RequestContext
) -> Slice[DeliveryView]:
    wanted: list[ColumnElement[bool]] = []
    if query.status is not None:
        wanted.append(delivery.c.status == query.status)
    if query.template is not None:
        wanted.append(notification.c.template == query.template)
    if query.user_id is not None:
        wanted.append(notification.c.recipient_id == query.user_id)
    rows = (
        select(delivery, notification.c.recipient_id, notification.c.template)
        .join(notification, notification.c.id == delivery.c.notification_id)
        .where(*wanted)
    )
    by: Sequence[ColumnElement[Any]] = [
        delivery.c.created_at,
        delivery.c.notification_id,
        delivery.c.channel,
    ]
    found = await slice_of(rows, by, query.page, connection, newest_first=True)
    return found.map(_delivery_view)


_JOINED = notification.outerjoin(recipient, recipient.c.id == notification.c.recipient_id)
_INBOX = select(notification, recipient.c.read_up_to).select_from(_JOINED)
_IS_UNREAD = notification.c.read_at.is_(None) & or_(
    recipient.c.read_up_to.is_(None), notification.c.created_at > recipient.c.read_up_to
)


def _only_own(owner: ColumnElement[Any], request: RequestContext) -> list[ColumnElement[bool]]:
    return [] if _is_staff(request) else [owner == request.actor_id]


def _is_staff(request: RequestContext) -> bool:
    return request.actor is not None and request.actor.role in (*STAFF_ROLES, SYSTEM.role)


def _view(row: Row[Any]) -> NotificationView:
    template, read_at = Template(row.template), row.read_at
    if read_at is None and row.read_up_to is not None and row.created_at <= row.read_up_to:
        read_at = row.read_up_to
    kind = KINDS[template]
    return NotificationView(
        row.id,
        row.recipient_id,
        template,
        kind.category,
        row.subject,
        None if kind.is_secret else row.text,
        row.created_at,
        read_at,
    )


def _delivery_view(row: Row[Any]) -> DeliveryView:
    return DeliveryView(
        row.notification_id,
        row.recipient_id,
        Template(row.template),
        Channel(row.channel),
        DeliveryStatus(row.status),
        row.attempt,
        row.created_at,
        row.settled_at,
        row.reason,
    )
