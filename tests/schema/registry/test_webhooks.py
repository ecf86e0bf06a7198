"""Webhooks: what is told to whom, until it is heard, on SQLite and on PostgreSQL."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from plait_schema.checks import CheckSettings
from plait_schema.registry.errors import RegistryError
from plait_schema.registry.model import Origin, VariantId
from plait_schema.registry.opening import OpenRegistry
from plait_schema.registry.webhooks.addresses import ForbiddenAddressError, address_of, may_be_told
from plait_schema.registry.webhooks.bodies import text_of
from plait_schema.registry.webhooks.courier import Courier
from plait_schema.registry.webhooks.events import TOPICS, Topic
from plait_schema.registry.webhooks.sealing import Seal, SealError
from plait_schema.registry.webhooks.webhook import DeliveryState, Form
from tests.schema.registry.receiver import Receiver, receiver
from tests.schema.registry.shop import BROKEN, reviews, users

PROD = VariantId("shop", "prod")
ORIGIN = Origin("ada", "0123456789abcdef", "first")


@dataclass
class Clock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def hearing() -> Iterator[Receiver]:
    with receiver() as server:
        yield server


class Telling:
    """A registry with one webhook, whose courier goes when it is told to."""

    def __init__(self, held: OpenRegistry, hearing: Receiver) -> None:
        self.held, self.hearing = held, hearing
        self.clock = Clock(datetime.now(UTC) + timedelta(minutes=1))
        self.courier = self.another_courier(held.webhooks.seal)
        self.id = self.secret = ""

    def another_courier(self, seal: Seal, *, allow_private: bool = True) -> Courier:
        chance = random.Random(1)
        store = self.held.webhooks.store
        return Courier(store, seal, clock=self.clock, allow_private=allow_private, random=chance)

    async def make(self, *events: str, of: str = "*@*", form: Form = Form.JSON) -> "Telling":
        webhook, self.secret = await self.held.webhooks.make(
            "ci", self.hearing.url, events=events or [str(one) for one in TOPICS], of=of, form=form, by="ada"
        )
        self.id = webhook.id
        return self

    async def deliver(self) -> list[Any]:
        """What has been heard after everything that is due was attempted."""
        while await self.courier.deliver_due():
            await self.courier.settled()
        heard, self.hearing.heard = self.hearing.heard, []
        return heard

    async def last(self) -> Any:
        return (await self.held.webhooks.store.deliveries(self.id, before=None, limit=1))[0]


@pytest.fixture
def telling(held: OpenRegistry, hearing: Receiver) -> Telling:
    return Telling(held, hearing)


async def test_what_happens_is_told_signed(telling: Telling) -> None:
    held = (await telling.make()).held
    await held.registry.publish(PROD, [users(), reviews()], by="ci", origin=ORIGIN)
    await held.registry.publish(PROD, [BROKEN], by="ci")
    await held.registry.publish(PROD, [users("email: String")], by="ci", dry_run=True)
    await held.registry.publish(PROD, [users("email: String")], by="ci")
    await held.registry.rollback(PROD, 1, by="ci")
    settings = CheckSettings()
    await held.checks.check(PROD, "users", users("age: Int"), settings=settings, by="ci", origin=ORIGIN)
    await held.checks.check(PROD, "users", BROKEN, settings=settings, by="ci", origin=ORIGIN)
    heard = sorted(await telling.deliver(), key=lambda one: int(one.headers["webhook-id"].split("-")[1]))
    assert [(one.document["type"], one.document["data"].get("version")) for one in heard] == [
        ("published", 1),
        ("not_composed", 2),
        ("published", 3),
        ("rolled_back", 4),
        ("check_passed", None),
        ("check_failed", None),
    ]
    assert all(one.is_signed_with(telling.secret) for one in heard)
    assert not heard[0].is_signed_with((await telling.make()).secret)
    first, refused = heard[0].document["data"], heard[1].document["data"]
    assert (first["author"], first["commit"], first["subgraphs"]) == (
        "ada",
        "0123456789abcdef",
        ["reviews", "users"],
    )
    assert (refused["errors"], refused["findings"][0]["code"]) == (1, "INVALID_GRAPHQL")
    assert heard[0].path == "/hook?of=registry"
    assert await telling.deliver() == []


async def test_a_webhook_hears_of_what_it_wants_alone(telling: Telling) -> None:
    held = (await telling.make("published", of="shop@p*")).held
    for variant in ("prod", "dev"):
        await held.registry.publish(VariantId("shop", variant), [users()], by="ci")
    await held.registry.publish(PROD, [BROKEN], by="ci")
    (heard,) = await telling.deliver()
    assert heard.document["data"]["variant"] == "prod"


async def test_what_is_not_heard_is_told_again_later_and_in_the_end_given_up(telling: Telling) -> None:
    held = (await telling.make("published")).held
    telling.hearing.status = 500
    await held.registry.publish(PROD, [users()], by="ci")
    (first,) = await telling.deliver()
    assert await telling.deliver() == []  # it is not due yet
    attempts = 1
    while (last := await telling.last()).due is not None:
        telling.clock.now = last.due
        (heard,) = await telling.deliver()
        assert (heard.headers["webhook-id"], heard.body) == (first.headers["webhook-id"], first.body)
        attempts += 1
    assert (attempts, last.state, last.status, last.attempts) == (9, DeliveryState.FAILED, 500, 9)
    assert telling.clock.now - last.at > timedelta(hours=15)

    telling.hearing.status = 204
    await held.webhooks.store.again(telling.id, last.id, now=telling.clock())
    assert len(await telling.deliver()) == 1
    assert (await telling.last()).state is DeliveryState.DELIVERED


@pytest.mark.parametrize(("status", "state"), [(302, DeliveryState.PENDING), (410, DeliveryState.FAILED)])
async def test_a_redirect_is_not_followed_and_gone_is_gone(
    telling: Telling, status: int, state: DeliveryState
) -> None:
    await telling.make()
    telling.hearing.status = status
    await telling.held.webhooks.store.test(telling.id, by="ada", now=telling.clock())
    assert len(await telling.deliver()) == 1
    assert ((await telling.last()).state, (await telling.last()).status) == (state, status)


async def test_one_that_was_claimed_by_a_process_that_died_is_claimed_again(telling: Telling) -> None:
    store, now = (await telling.make()).held.webhooks.store, telling.clock.now
    await store.test(telling.id, by="ada", now=now)
    minute = timedelta(minutes=1)
    assert len(await store.claim(now=now, lease=minute, limit=9)) == 1
    assert await store.claim(now=now + minute / 2, lease=minute, limit=9) == ()
    assert len(await store.claim(now=now + minute, lease=minute, limit=9)) == 1


async def test_a_publish_that_is_lost_is_not_told(telling: Telling) -> None:
    """The event is part of the transaction."""
    held = (await telling.make()).held
    await held.registry.publish(PROD, [users()], by="ci")
    version = await held.registry.store.version(PROD, 1)
    assert not await held.registry.store.append(version, [])  # somebody else was faster
    assert len(await telling.deliver()) == 1


async def test_neither_address_nor_secret_are_in_the_database(telling: Telling) -> None:
    held = (await telling.make()).held
    async with held.database.read() as connection:
        for table in ("registry_webhook", "registry_audit"):
            rows = str((await connection.execute(text(f"SELECT * FROM {table}"))).all())
            assert "/hook" not in rows
            assert telling.secret not in rows
    await held.webhooks.store.test(telling.id, by="ada", now=telling.clock())
    stranger = telling.another_courier(Seal(bytes(32)))
    await stranger.deliver_due()
    await stranger.settled()
    assert (await telling.last()).reason == "it was sealed with another signing key"


async def test_private_networks_are_told_nothing_unless_they_may(telling: Telling) -> None:
    store = (await telling.make()).held.webhooks.store
    await store.test(telling.id, by="ada", now=telling.clock())
    careful = telling.another_courier(telling.held.webhooks.seal, allow_private=False)
    await careful.deliver_due()
    await careful.settled()
    assert (await telling.last()).reason == "127.0.0.1 is in a private network"
    assert telling.hearing.heard == []


async def test_a_removed_webhook_hears_nothing_more(telling: Telling) -> None:
    held = (await telling.make()).held
    await held.webhooks.store.test(telling.id, by="ada", now=telling.clock())
    await held.webhooks.store.remove(telling.id, by="ada", now=telling.clock())
    await held.registry.publish(PROD, [users()], by="ci")
    assert await telling.deliver() == []
    with pytest.raises(RegistryError, match="there is no webhook"):
        await held.webhooks.store.test(telling.id, by="ada", now=telling.clock())


async def test_deliveries_are_forgotten_once_they_are_over(telling: Telling) -> None:
    store = (await telling.make()).held.webhooks.store
    await store.test(telling.id, by="ada", now=telling.clock())
    later = telling.clock() + timedelta(days=1)
    await store.prune(before=later)
    assert len(await telling.deliver()) == 1
    await store.prune(before=later)
    assert await store.deliveries(telling.id, before=None, limit=9) == ()


def test_addresses() -> None:
    public = ("93.184.216.34", "2606:2800:220:1::1")
    private = ("127.0.0.1", "10.0.0.8", "192.168.1.1", "172.16.0.1", "::1", "fd00::1", "100.64.0.1")
    wrapped = ("::ffff:10.0.0.8", "64:ff9b::a00:8", "2002:a00:8::1")
    never = ("169.254.169.254", "fe80::1%eth0", "::ffff:169.254.169.254", "0.0.0.0", "224.0.0.1", "::")
    for address in public:
        assert may_be_told(address, allow_private=False), address
    for address in (*private, *wrapped):
        assert not may_be_told(address, allow_private=False), address
        assert may_be_told(address, allow_private=True), address
    for address in never:
        assert not may_be_told(address, allow_private=True), address
    with pytest.raises(ForbiddenAddressError):
        address_of("localhost", 80, allow_private=False)


def test_what_is_sealed_belongs_to_one() -> None:
    seal = Seal(bytes(range(32)))
    sealed = seal.close("secret", of="one")
    assert seal.open(sealed, of="one") == "secret"
    for wrong in (sealed[:-4], "", "no base64", seal.close("secret", of="two")):
        with pytest.raises(SealError):
            seal.open(wrong, of="one")


def test_a_chat_gets_text() -> None:
    who = {"by": "ci", "author": "ada", "commit": "0123456789abcdef", "message": "<!channel> & co"}
    finding = {
        "code": "FIELD_REMOVED",
        "coordinate": "User.name",
        "message": "The field\nUser.name is <gone>.",
    }
    version = {"graph": "shop", "variant": "prod", "version": 5, "findings": [], **who}
    check = {"check": 12, "subgraph": "users", "outcome": "failed", "findings": [finding] * 7}
    assert text_of(Topic.PUBLISHED, version) == (
        "*shop@prod* serves version 5. By ada, commit 0123456789: &lt;!channel&gt; &amp; co"
    )
    told = text_of(Topic.CHECK_FAILED, version | check | {"commit": None, "message": None})
    assert told.splitlines() == [
        "*shop@prod*: check 12 of users failed. By ada.",
        *["• FIELD_REMOVED: The field User.name is &lt;gone&gt;."] * 5,
        "and 2 more, at least",
    ]
