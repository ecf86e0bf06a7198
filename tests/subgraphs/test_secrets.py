"""What opens an account is nowhere in the database once it is on its way."""

import re
from pathlib import Path

from sqlalchemy import MetaData, select

from subgraphs.contracts import CONTRACTS
from subgraphs.identity import app as identity
from subgraphs.identity.commands import RegisterUser, RequestPasswordReset
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.settings import Settings
from subgraphs.kernel.store.migrations import migrate
from subgraphs.notification import app as notification
from subgraphs.notification.senders.choosing import outbox_folder
from subgraphs.notification.senders.files import Outbox
from tests.subgraphs.people import done

PASSWORD = "correct horse battery staple"
VISITOR = RequestContext(None, "test")


async def test_tokens_are_in_mails_alone(tmp_path: Path) -> None:
    platform = Platform.open(Settings(tmp_path, password_rounds=4), contracts=CONTRACTS)
    try:
        contexts = [one.build(platform) for one in (identity, notification)]
        people, _ = contexts
        platform.add(*contexts)
        await migrate(platform.database, contexts)
        signing_up = RegisterUser("ada@example.org", PASSWORD, "Ada", "Lovelace")
        for command in (signing_up, RequestPasswordReset("ada@example.org")):
            done(await people.commands.execute(command, VISITOR))
        await Worker(platform.transactions).drain()
        texts = [mail.body("plain") or "" for mail in Outbox(outbox_folder(tmp_path)).read()]
        tokens = {found[1] for text in texts if (found := re.search(r"token=(\S+)", text))}
        assert len(tokens) == 2
        async with platform.database.read() as connection:
            metadata = MetaData()
            await connection.run_sync(metadata.reflect)
            rows = [
                (table.name, repr(row))
                for table in metadata.sorted_tables
                for row in await connection.execute(select(table))
            ]
    finally:
        await platform.close()
    for secret in (*tokens, PASSWORD):
        assert [name for name, row in rows if secret in row] == []
