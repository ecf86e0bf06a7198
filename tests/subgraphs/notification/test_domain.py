"""The rules of telling people things."""

from datetime import UTC, datetime, timedelta

import pytest

from subgraphs.contracts.notification import VALUES, Channel, Template
from subgraphs.kernel.domain import Failure, Success
from subgraphs.kernel.testing.scenario import given
from subgraphs.notification.domain.addresses import Device, PhoneNumber
from subgraphs.notification.domain.errors import (
    CONTENT_GONE,
    INVALID_DEVICE,
    INVALID_PHONE_NUMBER,
    MANDATORY_CATEGORY,
    NOT_FAILED,
    RECIPIENT_UNKNOWN,
    TOO_MANY_DEVICES,
)
from subgraphs.notification.domain.events import NotificationFailed, NotificationSent
from subgraphs.notification.domain.kinds import KINDS, Category
from subgraphs.notification.domain.notification import (
    Body,
    Content,
    DeliveryStatus,
    Notification,
    NotificationId,
)
from subgraphs.notification.domain.recipient import Recipient, RecipientId
from subgraphs.notification.domain.routing import channels_to

NOW = datetime(2025, 9, 1, 8, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ID = NotificationId("a")
CONTENT = Content("Subject", Body("Text", "<p>Text</p>"))


def _recipient(email: str | None = "ada@example.org") -> Recipient:
    return Recipient(id=RecipientId("u"), email=email, first_name="Ada", last_name="Lovelace")


def _notification(template: Template = Template.WELCOME, *channels: Channel) -> Notification:
    return Notification.addressed(
        ID,
        template,
        CONTENT,
        to=RecipientId("u"),
        email=None,
        channels=channels or (Channel.EMAIL,),
        at=NOW,
    )


def test_every_template_has_its_kind_and_its_values() -> None:
    assert set(KINDS) == set(VALUES) == set(Template)
    for template, kind in KINDS.items():
        assert set(kind.once_by or ()) <= VALUES[template]
        assert ("token" in VALUES[template]) == kind.is_secret


@pytest.mark.parametrize("text", ["+4915112345678", "+49 (151) 123-456.78"])
def test_phone_numbers_are_international(text: str) -> None:
    assert PhoneNumber.parse(text) == Success(PhoneNumber("+4915112345678"))


@pytest.mark.parametrize("text", ["", "015112345678", "+0151", "+49151x2345678", "+1234567890123456"])
def test_what_is_no_phone_number(text: str) -> None:
    assert PhoneNumber.parse(text) == Failure(INVALID_PHONE_NUMBER)


@pytest.mark.parametrize("token", ["", "a b", "ä", "x" * 513])
def test_what_is_no_device(token: str) -> None:
    assert Device.parse(token) == Failure(INVALID_DEVICE)


def test_people_hear_by_the_channels_that_they_wish_and_can_be_reached_by() -> None:
    who = _recipient()
    assert channels_to(who, Category.LEARNING) == (Channel.EMAIL,)
    given(who).when(lambda one: one.register_device(Device("d"))).then()
    assert channels_to(who, Category.LEARNING) == (Channel.EMAIL, Channel.PUSH)
    given(who).when(lambda one: one.wish({Category.LEARNING: frozenset({Channel.PUSH, Channel.SMS})})).then()
    assert channels_to(who, Category.LEARNING) == (Channel.PUSH,)
    assert channels_to(who, Category.PAYMENTS) == (Channel.EMAIL, Channel.PUSH)
    who.phone = PhoneNumber("+4915112345678")
    assert channels_to(who, Category.LEARNING) == (Channel.PUSH, Channel.SMS)
    given(who).when(lambda one: one.wish({Category.LEARNING: frozenset()})).then()
    assert channels_to(who, Category.LEARNING) == ()


def test_mails_about_the_account_cannot_be_turned_off() -> None:
    silence = {category: frozenset[Channel]() for category in Category}
    given(_recipient()).when(lambda one: one.wish(silence)).then_refused(MANDATORY_CATEGORY)
    who = _recipient()
    who.wishes = silence
    assert channels_to(who, Category.ACCOUNT) == (Channel.EMAIL,)


def test_nobody_has_more_than_ten_devices() -> None:
    who = _recipient()
    who.devices = tuple(Device(str(number)) for number in range(10))
    given(who).when(lambda one: one.register_device(Device("9"))).then()
    given(who).when(lambda one: one.register_device(Device("10"))).then_refused(TOO_MANY_DEVICES)
    who.unregister_device(Device("3"))
    given(who).when(lambda one: one.register_device(Device("10"))).then()
    assert len(who.devices) == 10


def test_who_is_forgotten_leaves_nothing_behind() -> None:
    who = _recipient()
    who.phone, who.devices, who.read_up_to = PhoneNumber("+4915112345678"), (Device("d"),), NOW
    who.forget()
    who.change("Ada", "Lovelace", email="ada@example.org")
    who.move("Europe/London")
    nobody = Recipient(id=who.id, email=None, first_name="", last_name="", is_forgotten=True)
    assert vars(who) == vars(nobody)
    assert channels_to(who, Category.ACCOUNT) == ()


def test_a_notification_is_sent_by_each_channel() -> None:
    said = _notification(Template.LESSON_UNLOCKED, Channel.EMAIL, Channel.PUSH)
    said.sent(Channel.EMAIL, LATER)
    said.failed(Channel.PUSH, "NO_ADDRESS", LATER)
    assert said.pull_events() == (
        NotificationSent(ID, Channel.EMAIL, LATER),
        NotificationFailed(ID, Channel.PUSH, "NO_ADDRESS", LATER),
    )
    assert [one.status for one in said.deliveries] == [DeliveryStatus.SENT, DeliveryStatus.FAILED]
    assert said.body == CONTENT.body


def test_what_failed_is_sent_again_and_nothing_else() -> None:
    said = _notification(Template.LESSON_UNLOCKED, Channel.EMAIL, Channel.PUSH)
    given(said).when(lambda one: one.resend()).then_refused(NOT_FAILED)
    said.sent(Channel.EMAIL, LATER)
    said.failed(Channel.PUSH, "NO_ADDRESS", LATER)
    wanted = given(said).when(lambda one: one.resend())
    wanted.then()
    assert isinstance(wanted.result, Success)
    assert [(one.channel, one.attempt) for one in wanted.result.value] == [(Channel.PUSH, 2)]
    assert [one.status for one in said.deliveries] == [DeliveryStatus.SENT, DeliveryStatus.PENDING]


def test_what_opens_an_account_is_not_kept() -> None:
    said = _notification(Template.PASSWORD_RESET)
    said.failed(Channel.EMAIL, "RECIPIENT_REFUSED", LATER)
    assert (said.subject, said.body) == ("Subject", None)
    given(said).when(lambda one: one.resend()).then_refused(CONTENT_GONE)


def test_what_nobody_can_be_told_is_on_record() -> None:
    said = Notification.impossible(ID, Template.WELCOME, RECIPIENT_UNKNOWN, to=None, email=None, at=NOW)
    assert said.pull_events() == (NotificationFailed(ID, Channel.EMAIL, "RECIPIENT_UNKNOWN", NOW),)
    given(said).when(lambda one: one.resend()).then_refused(CONTENT_GONE)


def test_what_was_read_stays_read() -> None:
    said = _notification()
    said.read(NOW)
    said.read(LATER)
    assert said.read_at == NOW
