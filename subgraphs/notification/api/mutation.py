"""What notification can be asked to do. Each mutation is a command."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: input
# Strawberry declares its decorators as Any when they are called with keywords.
# mypy: allow-untyped-decorators

from typing import Any

import strawberry

from subgraphs.contracts.scopes import NOTIFICATIONS_MANAGE
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.domain import Failure, Success
from subgraphs.kernel.graphql.context import Info
from subgraphs.kernel.graphql.errors import UserError
from subgraphs.notification.api.enums import Category, Channel
from subgraphs.notification.api.notifications import (
    Notification,
    NotificationPreferences,
    load_notifications,
)
from subgraphs.notification.commands import (
    MarkAllNotificationsRead,
    MarkNotificationRead,
    RegisterDevice,
    ResendNotification,
    UnregisterDevice,
    UpdateNotificationPreferences,
)
from subgraphs.notification.commands.wishes import NewNumber
from subgraphs.notification.queries import NotificationPreferences as NotificationPreferencesQuery


@strawberry.input(description="By which channels to hear of a category from now on; none: by no channel.")
class ChannelsOfCategoryInput:
    category: Category
    channels: list[Channel]


@strawberry.input(description="What is left out stays as it is; a phone number of null is taken away.")
class UpdateNotificationPreferencesInput:
    categories: list[ChannelsOfCategoryInput] = strawberry.field(default_factory=list)
    phone_number: strawberry.Maybe[str | None]

    def command(self) -> UpdateNotificationPreferences:
        wishes = {one.category: frozenset(one.channels) for one in self.categories}
        number = NewNumber(self.phone_number.value) if self.phone_number else None
        return UpdateNotificationPreferences(wishes, number)


@strawberry.input
class DeviceInput:
    token: str = strawberry.field(description="As the push service has given it to the app.")


@strawberry.input
class MarkNotificationReadInput:
    notification_id: strawberry.ID


@strawberry.input
class ResendNotificationInput:
    notification_id: strawberry.ID


@strawberry.type
class NotificationPreferencesPayload:
    preferences: NotificationPreferences | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class NotificationPayload:
    notification: Notification | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class MarkAllNotificationsReadPayload:
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class Mutation:
    @strawberry.federation.mutation(
        authenticated=True,
        description="Say by which channels one wants to hear of what, and under which number.",
    )
    async def update_notification_preferences(
        self, info: Info, input: UpdateNotificationPreferencesInput
    ) -> NotificationPreferencesPayload | None:
        return await _with_preferences(info, input.command())

    @strawberry.federation.mutation(
        authenticated=True, description="Have pushes shown on this device; at most ten devices."
    )
    async def register_device(self, info: Info, input: DeviceInput) -> NotificationPreferencesPayload | None:
        return await _with_preferences(info, RegisterDevice(input.token))

    @strawberry.federation.mutation(authenticated=True, description="No pushes on this device any more.")
    async def unregister_device(
        self, info: Info, input: DeviceInput
    ) -> NotificationPreferencesPayload | None:
        return await _with_preferences(info, UnregisterDevice(input.token))

    @strawberry.federation.mutation(authenticated=True, description="One of one's own is read.")
    async def mark_notification_read(
        self, info: Info, input: MarkNotificationReadInput
    ) -> NotificationPayload | None:
        return await _with_notification(info, MarkNotificationRead(str(input.notification_id)))

    @strawberry.federation.mutation(authenticated=True, description="All that one was told is read.")
    async def mark_all_notifications_read(self, info: Info) -> MarkAllNotificationsReadPayload | None:
        match await info.context.execute(MarkAllNotificationsRead()):
            case Success():
                return MarkAllNotificationsReadPayload()
            case Failure(error):
                return MarkAllNotificationsReadPayload(errors=[UserError.of(error)])

    @strawberry.federation.mutation(
        requires_scopes=[[NOTIFICATIONS_MANAGE]], description="Send again what failed; for the staff."
    )
    async def resend_notification(
        self, info: Info, input: ResendNotificationInput
    ) -> NotificationPayload | None:
        return await _with_notification(info, ResendNotification(str(input.notification_id)))


async def _with_preferences(info: Info, command: Command[Any]) -> NotificationPreferencesPayload:
    match await info.context.execute(command):
        case Success():
            view = await info.context.ask(NotificationPreferencesQuery())
            return NotificationPreferencesPayload(preferences=NotificationPreferences.of(view))
        case Failure(error):
            return NotificationPreferencesPayload(errors=[UserError.of(error)])


async def _with_notification(info: Info, command: Command[Any]) -> NotificationPayload:
    match await info.context.execute(command):
        case Success(id_):
            return NotificationPayload(notification=await info.context.load(str(id_), load_notifications))
        case Failure(error):
            return NotificationPayload(errors=[UserError.of(error)])
