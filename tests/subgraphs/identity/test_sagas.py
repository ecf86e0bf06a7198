"""UserOnboarding and UserVerification: their rules without a database, and UserOnboarding with one."""

from datetime import timedelta

import pytest

from subgraphs.contracts.identity import (
    Origin,
    Role,
    UserActivated,
    UserCreated,
    UserDeactivated,
    UserDeleted,
    UserProfileCreated,
    UserRegistered,
    UserSettingsCreated,
    UserVerified,
)
from subgraphs.contracts.notification import (
    Channel,
    NotificationFailed,
    NotificationSent,
    SendNotification,
    Template,
)
from subgraphs.identity.commands import CreateUser
from subgraphs.identity.domain import UserRole
from subgraphs.identity.messages import CreateProfile, CreateSettings, ExpireVerification, SendVerification
from subgraphs.identity.sagas import USER_ONBOARDING, USER_VERIFICATION
from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.sagas.outputs import Send
from subgraphs.kernel.sagas.record import Status
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.sagas import given_saga
from tests.subgraphs.identity.academy import Academy
from tests.subgraphs.people import done

NOW = FakeClock().now()
DAY = timedelta(days=1)
CREATED = UserCreated("ada", "a@b.org", "Ada", "L", Role.STUDENT, "active", NOW, Origin.INVITED)
PROFILE = UserProfileCreated("ada", "Ada", "L", NOW)
SETTINGS = UserSettingsCreated("ada", "UTC", NOW)
ASK_PROFILE = Send(CreateProfile("ada"), to="identity.create_profile")
ASK_SETTINGS = Send(CreateSettings("ada", "a@b.org"), to="identity.create_settings")
WELCOME = Send(SendNotification(Template.WELCOME, user_id="ada"), to="notification.send")
MAIL = Send(SendVerification("ada", is_reminder=False), to="identity.send_verification")
REMINDER = Send(SendVerification("ada", is_reminder=True), to="identity.send_verification")
CLOSE = Send(ExpireVerification("ada"), to="identity.expire_verification")


def sent(template: Template) -> NotificationSent:
    return NotificationSent("n", "ada", template, Channel.EMAIL, NOW)


def test_a_new_user_gets_a_profile_settings_and_a_welcome() -> None:
    (
        given_saga(USER_ONBOARDING)
        .when(CREATED)
        .then(ASK_PROFILE)
        .when(PROFILE)
        .then(ASK_SETTINGS)
        .when(SETTINGS)
        .then(WELCOME)
        .when(sent(Template.WELCOME))
        .then(status=Status.COMPLETED)
    )


def test_who_was_brought_over_is_not_welcomed() -> None:
    imported = UserCreated("ada", "a@b.org", "Ada", "L", Role.STUDENT, "active", NOW, Origin.IMPORTED)
    started = given_saga(USER_ONBOARDING).when(imported, PROFILE, SETTINGS)
    started.then(ASK_PROFILE, ASK_SETTINGS, status=Status.COMPLETED)


def test_what_is_late_is_asked_for_again() -> None:
    started = given_saga(USER_ONBOARDING).when(CREATED).after(timedelta(hours=2))
    started = started.then(ASK_PROFILE, ASK_PROFILE, ASK_PROFILE).when(PROFILE)
    started.after(timedelta(hours=1)).then(ASK_SETTINGS, ASK_SETTINGS)


@pytest.mark.parametrize(
    "answer", [None, NotificationFailed("n", "ada", Template.WELCOME, Channel.EMAIL, "BOUNCED", NOW)]
)
def test_a_welcome_that_reaches_nobody_keeps_nobody_out(answer: NotificationFailed | None) -> None:
    waiting = given_saga(USER_ONBOARDING).when(CREATED, PROFILE, SETTINGS)
    waiting = waiting.then(ASK_PROFILE, ASK_SETTINGS, WELCOME)
    (waiting.when(answer) if answer else waiting.after(DAY)).then(status=Status.COMPLETED)


def test_who_leaves_meanwhile_is_not_welcomed() -> None:
    left = given_saga(USER_ONBOARDING).when(CREATED, UserDeleted("ada", NOW), PROFILE, SETTINGS)
    left.then(ASK_PROFILE, status=Status.FAILED)


def test_who_verifies_in_time_is_left_alone() -> None:
    started = given_saga(USER_VERIFICATION).when(UserRegistered("ada", "a@b.org")).then(MAIL)
    started.when(UserVerified("ada", NOW)).then(status=Status.COMPLETED).after(30 * DAY).then(
        status=Status.COMPLETED
    )


def test_a_reminder_after_a_day_and_the_end_after_a_week() -> None:
    started = given_saga(USER_VERIFICATION).when(UserRegistered("ada", "a@b.org")).then(MAIL)
    reminded = started.after(DAY).then(REMINDER).after(6 * DAY - timedelta(seconds=1)).then()
    reminded.after(timedelta(seconds=1)).then(CLOSE, status=Status.FAILED)
    reminded.when(UserVerified("ada", NOW)).then(status=Status.COMPLETED)


@pytest.mark.parametrize(
    ("event", "status"),
    [
        (UserActivated("ada", NOW), Status.COMPLETED),
        (UserDeactivated("ada", "spam", NOW), Status.FAILED),
        (UserDeleted("ada", NOW), Status.FAILED),
    ],
)
def test_what_else_ends_the_waiting(event: IntegrationEvent, status: Status) -> None:
    started = given_saga(USER_VERIFICATION).when(UserRegistered("ada", "a@b.org")).then(MAIL)
    started.when(event).then(status=status).after(30 * DAY).then(status=status)


async def test_whoever_comes_has_a_profile_and_settings_and_is_welcome(academy: Academy) -> None:
    registered = done(await academy.register())
    invited = done(await academy.by_system(CreateUser("tutor@example.org", "Alan", "Turing", UserRole.TUTOR)))
    await academy.create("old@example.org", UserRole.STUDENT)
    await academy.work()
    welcomed = [message.user_id for message in academy.postman.bag if message.template is Template.WELCOME]
    assert welcomed == [str(registered), str(invited)]
    published = [name for name, _ in await academy.published()]
    assert published.count("identity.user_profile_created") == 3
    assert published.count("identity.user_settings_created") == 3
