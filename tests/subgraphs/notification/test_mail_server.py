"""Notification with a mail server that refuses, fails, and comes back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from subgraphs.contracts.identity import UserDeleted
from subgraphs.contracts.notification import Template
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.notification import tables
from subgraphs.notification.commands import ResendNotification
from tests.subgraphs.notification.mail_server import MailServer, mail_server
from tests.subgraphs.notification.post_office import ADA, STAFF, PostOffice, open_post_office
from tests.subgraphs.people import done, refused

PAID = {"payment_id": "p", "amount": "49.00 EUR"}


@asynccontextmanager
async def _connected(folder: Path) -> AsyncIterator[tuple[PostOffice, MailServer]]:
    async with (
        mail_server() as server,
        open_post_office(folder, smtp_url=f"smtp://127.0.0.1:{server.port}") as office,
    ):
        yield office, server


async def _how_it_went(office: PostOffice) -> list[tuple[str, int, str | None]]:
    async with office.platform.database.read() as connection:
        rows = await connection.execute(select(tables.delivery))
        return [(row.status, row.attempt, row.reason) for row in rows]


async def test_what_was_refused_is_sent_again_by_the_staff(tmp_path: Path) -> None:
    async with _connected(tmp_path) as (office, server):
        server.recipients = "550 no such user"
        await office.meet(ADA)
        await office.send(Template.PAYMENT_COMPLETED, ADA, PAID)
        assert await office.deliver() == Backlog(0, 0, 0)
        assert await _how_it_went(office) == [("FAILED", 1, "RECIPIENT_REFUSED")]
        async with office.platform.database.read() as connection:
            id_ = (await connection.execute(select(tables.notification.c.id))).scalar_one()
        assert refused(await office.by(ADA, ResendNotification(id_)))[0] == "FORBIDDEN"
        server.recipients = None
        done(await office.by(STAFF, ResendNotification(id_)))
        assert await office.deliver() == Backlog(0, 0, 0)
        assert await _how_it_went(office) == [("SENT", 2, None)]
        assert len(server.taken) == 1
        assert refused(await office.by(STAFF, ResendNotification(id_)))[0] == "NOT_FAILED"
        assert refused(await office.by(STAFF, ResendNotification("none")))[0] == "NOTIFICATION_NOT_FOUND"


async def test_a_mail_whose_answer_was_lost_is_handed_in_again_under_its_id(tmp_path: Path) -> None:
    async with _connected(tmp_path) as (office, server):
        server.drops = True
        await office.meet(ADA)
        await office.send(Template.PAYMENT_COMPLETED, ADA, PAID)
        await office.deliver()
        server.drops = False
        office.clock.advance(timedelta(minutes=10))
        assert await office.deliver() == Backlog(0, 0, 0)
        assert len(server.taken) > 1
        assert len({mail["Message-ID"] for mail in server.taken}) == 1
        assert await _how_it_went(office) == [("SENT", 1, None)]


async def test_who_is_deleted_while_a_mail_waits_does_not_get_it(tmp_path: Path) -> None:
    async with _connected(tmp_path) as (office, server):
        server.mails = "451 come back later"
        await office.meet(ADA)
        await office.send(Template.PAYMENT_COMPLETED, ADA, PAID)
        assert (await office.deliver()).waiting == 1
        await office.publish(UserDeleted(ADA.id, office.clock.now()), key=ADA.id)
        await office.deliver()
        server.mails = None
        office.clock.advance(timedelta(minutes=10))
        assert await office.deliver() == Backlog(0, 0, 0)
        assert (server.taken, await _how_it_went(office)) == ([], [("FAILED", 1, "NO_ADDRESS")])
