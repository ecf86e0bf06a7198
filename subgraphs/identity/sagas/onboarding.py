"""UserOnboarding: a new user gets a profile, settings and a welcome, one after the other.

What is late is asked for again: each of these may be done twice. Who was brought over from another system
knows us already, and is not welcomed. A welcome that cannot be sent keeps nobody from studying.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from subgraphs.contracts.identity import (
    Origin,
    UserCreated,
    UserDeleted,
    UserProfileCreated,
    UserSettingsCreated,
)
from subgraphs.contracts.notification import (
    NotificationFailed,
    NotificationSent,
    SendNotification,
    Template,
)
from subgraphs.identity.messages import CreateProfile, CreateSettings
from subgraphs.kernel.sagas.definition import Decision, Saga
from subgraphs.kernel.sagas.outputs import Begin, Complete, Fail, Finish, Output, Send

_PATIENCE: Final = timedelta(hours=1)
_PATIENCE_WITH_MAIL: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Onboarding:
    """Who it is about, and whether they are welcomed."""

    user_id: str
    email: str
    is_welcomed: bool


USER_ONBOARDING: Final = Saga("identity.user_onboarding", Onboarding)


def _user(
    message: UserCreated | UserProfileCreated | UserSettingsCreated | UserDeleted,
) -> str:
    return message.user_id


def _welcomed(message: NotificationSent | NotificationFailed) -> str | None:
    return message.user_id if message.template is Template.WELCOME else None


@USER_ONBOARDING.starts_with(UserCreated, by=_user)
def created(message: UserCreated) -> Decision[Onboarding]:
    user = Onboarding(message.user_id, message.email, message.origin is not Origin.IMPORTED)
    return user, _ask_for_profile(user)


@USER_ONBOARDING.on_timeout("profile")
def profile_is_late(user: Onboarding) -> Decision[Onboarding]:
    return user, _ask_for_profile(user)


@USER_ONBOARDING.on(UserProfileCreated, by=_user, step="profile")
def has_profile(user: Onboarding, _: UserProfileCreated) -> Decision[Onboarding]:
    return user, [Finish(), *_ask_for_settings(user)]


@USER_ONBOARDING.on_timeout("settings")
def settings_are_late(user: Onboarding) -> Decision[Onboarding]:
    return user, _ask_for_settings(user)


@USER_ONBOARDING.on(UserSettingsCreated, by=_user, step="settings")
def has_settings(user: Onboarding, _: UserSettingsCreated) -> Decision[Onboarding]:
    if not user.is_welcomed:
        return user, [Finish(), Complete()]
    welcome = Send(SendNotification(Template.WELCOME, user_id=user.user_id), to="notification.send")
    return user, [Finish(), Begin("welcome", timeout=_PATIENCE_WITH_MAIL), welcome]


@USER_ONBOARDING.on(NotificationSent, by=_welcomed, step="welcome")
def is_welcome(user: Onboarding, _: NotificationSent) -> Decision[Onboarding]:
    return user, [Finish(), Complete()]


@USER_ONBOARDING.on(NotificationFailed, by=_welcomed, step="welcome")
def was_not_reached(user: Onboarding, _: NotificationFailed) -> Decision[Onboarding]:
    return user, [Finish(), Complete()]


@USER_ONBOARDING.on_timeout("welcome")
def welcome_is_late(user: Onboarding) -> Decision[Onboarding]:
    return user, [Finish(), Complete()]


@USER_ONBOARDING.on(UserDeleted, by=_user)
def has_left(user: Onboarding, _: UserDeleted) -> Decision[Onboarding]:
    return user, [Fail("the user was deleted")]


def _ask_for_profile(user: Onboarding) -> list[Output]:
    asked = Send(CreateProfile(user.user_id), to=CreateProfile.type)
    return [Begin("profile", timeout=_PATIENCE), asked]


def _ask_for_settings(user: Onboarding) -> list[Output]:
    asked = Send(CreateSettings(user.user_id, user.email), to=CreateSettings.type)
    return [Begin("settings", timeout=_PATIENCE), asked]
