"""What notification can be asked to do.

telling     say something to somebody, or have it sent again
recipients  what the platform knows of people: they come, change their names, and go
wishes      what people themselves want: by which channels, on which devices
inbox       what they have read
"""

from subgraphs.contracts.identity import STAFF_ROLES
from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.policies import authenticated, has_role
from subgraphs.kernel.application.request import SYSTEM
from subgraphs.notification.commands.inbox import (
    MarkAllNotificationsRead,
    MarkNotificationRead,
    mark_all_notifications_read,
    mark_notification_read,
)
from subgraphs.notification.commands.recipients import (
    ChangeRecipient,
    ForgetRecipient,
    IntroduceRecipient,
    MoveRecipient,
    change_recipient,
    forget_recipient,
    introduce_recipient,
    move_recipient,
)
from subgraphs.notification.commands.telling import (
    ProcessNotification,
    ResendNotification,
    Telling,
    resend_notification,
)
from subgraphs.notification.commands.wishes import (
    ForgetDevices,
    RegisterDevice,
    UnregisterDevice,
    UpdateNotificationPreferences,
    forget_devices,
    register_device,
    unregister_device,
    update_notification_preferences,
)
from subgraphs.notification.rendering import Renderer

__all__ = [
    "ChangeRecipient",
    "ForgetDevices",
    "ForgetRecipient",
    "IntroduceRecipient",
    "MarkAllNotificationsRead",
    "MarkNotificationRead",
    "MoveRecipient",
    "ProcessNotification",
    "RegisterDevice",
    "ResendNotification",
    "UnregisterDevice",
    "UpdateNotificationPreferences",
    "register",
]


def register(bus: CommandBus, *, renderer: Renderer) -> None:
    """Register every command with its handler."""
    platform = has_role(SYSTEM.role)
    bus.register(ProcessNotification, Telling(renderer).handle, allow=platform, is_remembered=False)
    bus.register(IntroduceRecipient, introduce_recipient, allow=platform)
    bus.register(ChangeRecipient, change_recipient, allow=platform)
    bus.register(MoveRecipient, move_recipient, allow=platform)
    bus.register(ForgetDevices, forget_devices, allow=platform)
    bus.register(ForgetRecipient, forget_recipient, allow=platform)
    bus.register(ResendNotification, resend_notification, allow=has_role(*STAFF_ROLES))
    bus.register(UpdateNotificationPreferences, update_notification_preferences, allow=authenticated)
    bus.register(RegisterDevice, register_device, allow=authenticated)
    bus.register(UnregisterDevice, unregister_device, allow=authenticated)
    bus.register(MarkNotificationRead, mark_notification_read, allow=authenticated)
    bus.register(MarkAllNotificationsRead, mark_all_notifications_read, allow=authenticated)
