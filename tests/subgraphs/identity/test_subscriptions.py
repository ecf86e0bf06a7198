"""What identity does about what happens elsewhere, and what it answers."""

from datetime import timedelta
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from subgraphs.contracts import CONTRACTS
from subgraphs.contracts.identity import (
    CheckUserExists,
    GetUserByEmail,
    GetUserById,
    Role,
    UserExists,
    UserFound,
)
from subgraphs.contracts.payments import PaymentCompleted
from subgraphs.identity.commands import DeleteUser
from subgraphs.identity.domain import UserRole
from subgraphs.identity.messages import (
    CreateProfile,
    CreateSettings,
    ExpireVerification,
    SendPasswordReset,
    SendVerification,
)
from subgraphs.identity.tables import metadata
from subgraphs.identity.tables import users as accounts
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent, ReplyTo
from subgraphs.kernel.messaging.registry import Registry, Stored
from subgraphs.kernel.messaging.requests import Request
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.golden import check_golden
from tests.subgraphs.identity.academy import Academy
from tests.subgraphs.people import done, refusal

NOW = FakeClock().now()


async def publish(academy: Academy, event: PaymentCompleted) -> None:
    async with academy.platform.transactions.begin("payments", RequestContext(None, "c")) as work:
        work.publish(event, key=event.payment_id)
    await academy.work()


async def test_who_has_paid_for_a_subscription_has_it(academy: Academy) -> None:
    ada = str(await academy.create("ada@example.org", UserRole.STUDENT))
    before = len(await academy.published())
    for payment, subscription in (("p1", None), ("p2", "gold"), ("p3", "gold")):
        event = PaymentCompleted(payment, ada, 4900, "EUR", NOW, subscription_id=subscription)
        await publish(academy, event)
    await publish(academy, PaymentCompleted("p4", "nobody", 4900, "EUR", NOW, subscription_id="gold"))
    async with academy.platform.database.read() as connection:
        assert await connection.scalar(select(accounts.c.subscription_id)) == "gold"
    updated = [body for name, body in (await academy.published())[before:] if name == "identity.user_updated"]
    assert [body["changes"] for body in updated] == [["subscription"]]


@pytest.mark.parametrize(
    ("question", "to", "answer"),
    [
        (GetUserById("{ada}"), "identity.get_user_by_id", "found"),
        (GetUserById("nobody"), "identity.get_user_by_id", UserFound()),
        (GetUserByEmail(" ADA@example.org"), "identity.get_user_by_email", "found"),
        (GetUserByEmail("no address"), "identity.get_user_by_email", UserFound()),
        (CheckUserExists("ada@example.org"), "identity.check_user_exists", UserExists(exists=True)),
        (CheckUserExists("bob@example.org"), "identity.check_user_exists", UserExists(exists=False)),
    ],
)
async def test_other_contexts_are_answered(
    academy: Academy, question: Request[Any], to: str, answer: UserFound | UserExists | str
) -> None:
    """Request-reply: user.get_by_id, user.get_by_email, user.check_exists (section 1)."""
    ada = str(await academy.create("ada@example.org", UserRole.TUTOR))
    answers: list[UserFound | UserExists] = []

    async def keep(envelope: Envelope[Any], _: UnitOfWork) -> None:
        answers.append(envelope.body)

    academy.platform.subscriptions.add(
        Subscription("shop.answers", UserFound, keep), Subscription("shop.answers", UserExists, keep)
    )
    if isinstance(question, GetUserById):
        question = GetUserById(question.user_id.format(ada=ada))
    async with academy.platform.transactions.begin("shop", RequestContext(None, "c")) as work:
        work.ask(question, to=to, key="k", reply_to=ReplyTo("shop.answers", "k"))
    await academy.work()
    found = UserFound(ada, "Grace", "Hopper", Role.TUTOR, "active")
    assert answers == [found if answer == "found" else answer]


def test_no_message_asks_whether_a_password_is_right() -> None:
    """Defect 18: `user.verify_credentials` over the bus would store passwords."""
    for message in CONTRACTS.classes:
        assert "credentials" not in message.type
        assert not [name for name in getattr(message, "__slots__", ()) if "password" in name]


async def test_who_is_deleted_is_forgotten_and_still_resolved(academy: Academy, clock: FakeClock) -> None:
    ada = done(await academy.register())
    await academy.work()
    client = await academy.logged_in("ada@example.org")
    await client.data('mutation { updateBio(input: {bio: "Analyst"}) { errors { code } } }')
    deleted = await client.data(
        "mutation ($i: DeleteUserInput!) { deleteUser(input: $i) { userId errors { code } } }",
        i={"userId": str(ada)},
    )
    assert deleted["deleteUser"] == {"userId": str(ada), "errors": []}
    await academy.work()
    query = """query ($r: [_Any!]!, $id: ID!) {
      _entities(representations: $r) { ... on User { id name role status profile { bio } } }
      userById(id: $id) { id }
      userProfile(userId: $id) { bio }
    }"""
    answer = await academy.visitor().data(query, r=[{"__typename": "User", "id": str(ada)}], id=str(ada))
    assert answer == {
        "_entities": [
            {"id": str(ada), "name": "Deleted user", "role": "STUDENT", "status": "DELETED", "profile": None}
        ],
        "userById": None,
        "userProfile": None,
    }
    async with academy.platform.database.read() as connection:
        rows = {
            table.name: (await connection.execute(select(table))).all() for table in metadata.sorted_tables
        }
    assert {name for name, found in rows.items() if found} == {"identity_user"}
    assert "Lovelace" not in str(rows)
    assert "example.org" not in str(rows)
    assert refusal(await academy.login()) == "INVALID_CREDENTIALS"
    clock.advance(timedelta(days=30))
    await academy.work()
    done(await academy.register())  # the address is free again
    async with academy.platform.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(accounts)) == 2
    assert refusal(await academy.by_system(DeleteUser(ada))) == "USER_NOT_FOUND"


def test_both_versions_of_user_created_are_read_as_one() -> None:
    """`user.created.v1` and `user.created.v2`, handled by one handler (section 1)."""
    known = '"user_id": "u", "email": "e", "first_name": "f", "last_name": "l", "role": "tutor"'
    at = '"created_at": "2025-09-01T08:00:00Z"'
    for status, origin in (("pending_verification", "registered"), ("active", "imported")):
        old = Stored("identity.user_created", 1, f'{{{known}, "status": "{status}", {at}}}')
        new = Stored(
            "identity.user_created", 2, f'{{{known}, "status": "{status}", {at}, "origin": "{origin}"}}'
        )
        assert CONTRACTS.decode(old) == CONTRACTS.decode(new)


def test_what_identity_tells_itself_is_read_as_before(update: bool) -> None:
    messages = (CreateProfile, CreateSettings, ExpireVerification, SendPasswordReset, SendVerification)
    registry = Registry[IntegrationEvent](attrgetter("type"), messages)
    check_golden(registry, Path(__file__).parent / "golden", update=update)
