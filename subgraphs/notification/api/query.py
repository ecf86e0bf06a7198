"""What can be asked of notification."""

# Strawberry declares its decorators as Any when they are called with keywords.
# mypy: allow-untyped-decorators

import strawberry

from subgraphs.contracts.scopes import NOTIFICATIONS_MANAGE
from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.application.request import UNAUTHENTICATED
from subgraphs.kernel.graphql.connections import SIZED_BY_FIRST, After, Connection, First, slice_request
from subgraphs.kernel.graphql.context import Info
from subgraphs.notification.api.deliveries import NotificationDelivery
from subgraphs.notification.api.enums import DeliveryStatus, Template
from subgraphs.notification.api.notifications import Notification, NotificationPreferences
from subgraphs.notification.api.users import inbox
from subgraphs.notification.domain.notification import Content
from subgraphs.notification.queries import NotificationDeliveries, NotificationPreview
from subgraphs.notification.queries import NotificationPreferences as NotificationPreferencesQuery

_FOR_STAFF = [[NOTIFICATIONS_MANAGE]]


@strawberry.type(description="What a template looks like, with sample values.")
class NotificationContent:
    subject: str
    text: str
    html: str

    @classmethod
    def of(cls, content: Content) -> "NotificationContent":
        return cls(subject=content.subject, text=content.body.text, html=content.body.html)


@strawberry.type
class Query:
    @strawberry.federation.field(
        authenticated=True,
        directives=[SIZED_BY_FIRST],
        description="What the user who is asking was told, the newest first.",
    )
    async def notifications(
        self, info: Info, first: First = 20, after: After = None, only_unread: bool = False
    ) -> Connection[Notification] | None:
        if info.context.actor is None:
            raise QueryError(UNAUTHENTICATED)
        return await inbox(info, info.context.actor.id, first, after, only_unread=only_unread)

    @strawberry.federation.field(
        authenticated=True, description="What the user who is asking wishes to hear."
    )
    async def notification_preferences(self, info: Info) -> NotificationPreferences | None:
        return NotificationPreferences.of(await info.context.ask(NotificationPreferencesQuery()))

    @strawberry.federation.field(
        requires_scopes=_FOR_STAFF,
        directives=[SIZED_BY_FIRST],
        description="How things got to people, the newest first; for the staff.",
    )
    async def notification_deliveries(
        self,
        info: Info,
        first: First = 20,
        after: After = None,
        status: DeliveryStatus | None = None,
        template: Template | None = None,
        user_id: strawberry.ID | None = None,
    ) -> Connection[NotificationDelivery] | None:
        query = NotificationDeliveries(
            slice_request(first, after), status, template, None if user_id is None else str(user_id)
        )
        return Connection.of(await info.context.ask(query), NotificationDelivery.of)

    @strawberry.federation.field(
        requires_scopes=_FOR_STAFF, description="What people read who are told this; for the staff."
    )
    async def notification_preview(self, info: Info, template: Template) -> NotificationContent | None:
        return NotificationContent.of(await info.context.ask(NotificationPreview(template)))
