"""From a request to a mail in somebody's hands: once, whatever happens on the way."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select

from subgraphs.contracts.identity import (
    UserDeleted,
    UserProfileUpdated,
    UserSettingsUpdated,
    UserUpdated,
)
from subgraphs.contracts.notification import Channel, NotificationFailed, NotificationSent, Template
from subgraphs.kernel.application.request import SYSTEM, RequestContext
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.history import Selection
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent, ReplyTo
from subgraphs.kernel.messaging.replay import replay
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.tables import delivery
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.notification import tables
from subgraphs.notification.commands import RegisterDevice, UpdateNotificationPreferences
from subgraphs.notification.commands.wishes import NewNumber
from subgraphs.notification.domain.kinds import Category
from tests.subgraphs.notification.post_office import ADA, BOB, STAFF, PostOffice, open_post_office
from tests.subgraphs.people import done, refused

NOTHING = Backlog(0, 0, 0)
PAID = {"payment_id": "p", "amount": "49.00 EUR"}


def _listening(office: PostOffice, consumer: str, *events: type[IntegrationEvent]) -> list[IntegrationEvent]:
    """What a consumer of another context gets to hear."""
    heard: list[IntegrationEvent] = []

    async def hear(envelope: Envelope[IntegrationEvent], _: UnitOfWork) -> None:
        heard.append(envelope.body)

    office.platform.subscriptions.add(*(Subscription(consumer, event, hear) for event in events))
    return heard


async def test_a_user_is_told_by_mail(store: str, tmp_path: Path) -> None:
    async with open_post_office(tmp_path, database_url=store) as office:
        heard = _listening(office, "other.mails", NotificationSent)
        await office.meet(ADA)
        await office.send(Template.PAYMENT_COMPLETED, ADA, PAID)
        assert await office.deliver() == NOTHING
        [mail] = office.outbox
        assert (mail.channel, mail.at) == ("email", office.clock.now())
        assert mail.message["To"] == "Ada Example <ada@example.org>"
        assert mail.message["From"] == "The academy <academy@academy.example>"
        assert mail.message["Subject"] == "We have received 49.00 EUR"
        assert mail.message["Message-ID"] == f"<{mail.id}@academy.example>"
        plain, html = mail.message.iter_parts()
        assert "your payment of 49.00 EUR has arrived" in plain.get_content()
        assert "<p>Thank you:" in html.get_content()
        [sent] = heard
        assert isinstance(sent, NotificationSent)
        assert (sent.user_id, sent.template, sent.channel) == (
            ADA.id,
            Template.PAYMENT_COMPLETED,
            Channel.EMAIL,
        )


async def test_somebody_without_an_account_is_told_at_their_address(office: PostOffice) -> None:
    address = f"{'x' * 64}@{'y' * 60}.{'z' * 60}.example"  # longer than the key of a message may be
    await office.send(Template.VERIFY_EMAIL, address, {"token": "t"})
    assert await office.deliver() == NOTHING
    [mail] = office.outbox
    assert mail.message["To"] == address


async def test_who_is_told_before_they_are_known_is_told_when_they_are(office: PostOffice) -> None:
    await office.send(Template.WELCOME, ADA)
    assert (await office.deliver()).waiting == 1
    await office.meet(ADA)
    await office.deliver()
    office.clock.advance(timedelta(minutes=1))
    assert await office.deliver() == NOTHING
    assert [mail.message["Subject"] for mail in office.outbox] == ["Welcome to the academy, Ada"]


async def test_whom_nobody_gets_to_know_is_given_up_after_an_hour(office: PostOffice) -> None:
    heard = _listening(office, "other.mails", NotificationFailed)
    await office.send(Template.WELCOME, ADA)
    await office.deliver()
    office.clock.advance(timedelta(hours=1, minutes=1))
    assert await office.deliver() == NOTHING
    [failed] = heard
    assert isinstance(failed, NotificationFailed)
    assert failed.reason == "RECIPIENT_UNKNOWN"
    assert office.outbox == []


async def test_a_request_that_is_delivered_five_times_is_one_mail(office: PostOffice) -> None:
    """Also when the inbox forgets that it was handled: the notification's id is made of the request's."""
    await office.meet(ADA)
    await office.send(Template.PASSWORD_CHANGED, ADA)
    for _ in range(5):
        await office.deliver()
        async with office.platform.database.transaction() as connection:
            asked = delivery.c.consumer == "notification.send", delivery.c.type.contains("send_notification")
            row = (await connection.execute(select(delivery).where(*asked))).one()._asdict()
            await connection.execute(delete(delivery).where(*asked))
            await connection.execute(insert(delivery).values({**row, "status": "ready"}))
    await office.deliver()
    assert len(office.outbox) == 1


@pytest.mark.parametrize(
    ("template", "first", "second", "mails"),
    [
        (Template.WELCOME, {}, {}, 1),
        (Template.PAYMENT_COMPLETED, PAID, PAID, 1),
        (Template.PAYMENT_COMPLETED, PAID, {**PAID, "payment_id": "q"}, 2),
        (Template.PASSWORD_CHANGED, {}, {}, 2),
    ],
)
async def test_what_one_hears_once_is_heard_once_whoever_asks(
    office: PostOffice, template: Template, first: dict[str, str], second: dict[str, str], mails: int
) -> None:
    await office.meet(ADA)
    await office.send(template, ADA, first)
    await office.send(template, ADA, second)
    assert await office.deliver() == NOTHING
    assert len(office.outbox) == mails


async def test_everybody_is_reached_where_they_wish(office: PostOffice) -> None:
    await office.meet(ADA)
    await office.deliver()
    done(await office.by(ADA, RegisterDevice("device-1")))
    done(await office.by(ADA, RegisterDevice("device-2")))
    wishes = {Category.PAYMENTS: frozenset({Channel.PUSH, Channel.SMS})}
    done(await office.by(ADA, UpdateNotificationPreferences(wishes, NewNumber("+49 151 12345678"))))
    await office.send(Template.PAYMENT_COMPLETED, ADA, PAID)
    await office.send(Template.PASSWORD_CHANGED, ADA)
    assert await office.deliver() == NOTHING
    told = {one.channel: (one.message["X-To"] or one.message["To"]) for one in office.outbox}
    assert told == {
        "push": "device-1, device-2",
        "sms": "+4915112345678",
        "email": "Ada Example <ada@example.org>",
    }
    [sms] = [one for one in office.outbox if one.channel == "sms"]
    assert sms.message.get_content().strip() == "We have received 49.00 EUR"


async def test_who_wishes_to_hear_nothing_finds_it_in_their_inbox(office: PostOffice) -> None:
    await office.meet(ADA)
    await office.deliver()
    done(await office.by(ADA, UpdateNotificationPreferences({Category.PAYMENTS: frozenset()})))
    await office.send(Template.PAYMENT_COMPLETED, ADA, PAID)
    assert await office.deliver() == NOTHING
    assert office.outbox == []
    inbox = await office.ask(ADA).data("{ notifications { nodes { subject } } }")
    assert inbox["notifications"]["nodes"] == [{"subject": "We have received 49.00 EUR"}]


async def test_who_asks_for_it_is_answered_when_it_is_sent(office: PostOffice) -> None:
    answers = _listening(office, "other.saga", NotificationSent)
    await office.meet(ADA)
    waiting = ReplyTo("other.saga", "key")
    await office.send(Template.WELCOME, ADA, reply_to=waiting)
    await office.deliver()
    published, answer = answers  # the saga hears of all mails as well
    assert published == answer


async def test_what_opens_an_account_is_not_kept(office: PostOffice) -> None:
    await office.send(Template.PASSWORD_RESET, "ada@example.org", {"token": "secret-token"})
    assert await office.deliver() == NOTHING
    assert "secret-token" in office.outbox[0].message.as_string()
    async with office.platform.database.read() as connection:
        row = (await connection.execute(select(tables.notification))).one()
    assert "secret-token" not in repr(row)


async def test_an_address_that_no_server_could_deliver_to_is_on_record(office: PostOffice) -> None:
    await office.send(Template.VERIFY_EMAIL, "jürgen@example.org", {"token": "t"})
    assert await office.deliver() == NOTHING
    found = await office.ask(STAFF).data("{ notificationDeliveries(status: FAILED) { nodes { reason } } }")
    assert found["notificationDeliveries"]["nodes"] == [{"reason": "BAD_ADDRESS"}]


async def test_without_its_values_it_is_on_record_for_the_staff(office: PostOffice) -> None:
    await office.meet(ADA)
    await office.send(Template.PAYMENT_COMPLETED, ADA)
    assert await office.deliver() == NOTHING
    deliveries = "{ notificationDeliveries(status: FAILED) { nodes { reason user { id } } } }"
    found = await office.ask(STAFF).data(deliveries)
    [failed] = found["notificationDeliveries"]["nodes"]
    assert failed == {"reason": "TEMPLATE_VALUE_MISSING", "user": {"id": ADA.id}}


async def test_who_is_deleted_is_forgotten_and_told_nothing(office: PostOffice) -> None:
    await office.meet(ADA, BOB)
    await office.send(Template.PAYMENT_COMPLETED, ADA, PAID)
    await office.deliver()
    await office.publish(UserDeleted(ADA.id, office.clock.now()), key=ADA.id)
    await office.send(Template.PASSWORD_CHANGED, ADA)
    assert await office.deliver() == NOTHING
    assert len(office.outbox) == 1
    async with office.platform.database.read() as connection:
        for table in (tables.recipient, tables.notification):
            for row in await connection.execute(select(table)):
                assert "ada" not in repr(row).lower()
    await office.meet(ADA)  # the news of her creation, once more
    await office.send(Template.WELCOME, ADA)
    assert await office.deliver() == NOTHING
    assert len(office.outbox) == 1


async def test_people_are_called_as_they_call_themselves(office: PostOffice) -> None:
    await office.meet(ADA)
    await office.publish(UserProfileUpdated(ADA.id, "Augusta", "King", office.clock.now()), key=ADA.id)
    await office.publish(UserSettingsUpdated(ADA.id, "Europe/London", office.clock.now()), key=ADA.id)
    await office.deliver()
    await office.send(Template.PASSWORD_CHANGED, ADA, {"changed_at": "2025-09-01T08:00:00+00:00"})
    assert await office.deliver() == NOTHING
    [mail] = office.outbox
    assert mail.message["To"] == "Augusta King <ada@example.org>"
    plain, _ = mail.message.iter_parts()
    assert "09:00 (Europe/London)" in plain.get_content()


async def test_mails_go_to_the_address_that_somebody_has_now(office: PostOffice) -> None:
    await office.meet(ADA)
    moved = UserUpdated(ADA.id, "Ada", "Example", office.clock.now(), "new@example.org", ("email",))
    await office.publish(moved, key=ADA.id)
    await office.publish(UserUpdated(ADA.id, "Ada", "King", office.clock.now()), key=ADA.id)
    await office.deliver()
    await office.send(Template.PASSWORD_RESET, ADA, {"token": "t"})
    await office.deliver()
    assert [mail.message["To"] for mail in office.outbox] == ["Ada King <new@example.org>"]


async def test_a_mail_to_another_address_goes_there_alone_and_is_forgotten_with_its_user(
    office: PostOffice,
) -> None:
    await office.meet(ADA)
    await office.send(
        Template.EMAIL_CHANGED, ADA, {"new_email": "new@example.org"}, mail_to="old@example.org"
    )
    assert await office.deliver() == NOTHING
    assert [mail.message["To"] for mail in office.outbox] == ["Ada Example <old@example.org>"]
    await office.publish(UserDeleted(ADA.id, office.clock.now()), key=ADA.id)
    await office.deliver()
    async with office.platform.database.read() as connection:
        for row in await connection.execute(select(tables.notification)):
            assert "example.org" not in repr(row)


async def test_the_past_is_not_mailed_again(office: PostOffice) -> None:
    await office.meet(ADA)
    await office.send(Template.WELCOME, ADA)
    await office.deliver()
    refusal = await replay(
        office.platform.transactions,
        "notification.triggers",
        Selection("payments"),
        RequestContext(SYSTEM, "by hand"),
        fresh=True,
        force=False,
    )
    assert refused(refusal)[0] == "REPLAY_REFUSED"
