"""The FCM adapter against a stand-in of Google's HTTP APIs: tokens for a key, and pushes for a token."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from subgraphs.contracts.notification import Template
from subgraphs.kernel.effects.outcome import (
    NotDoneError,
    OutcomeUnknownError,
    Refused,
    RequestRejectedError,
    Succeeded,
)
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.settings import Settings, SettingsError
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.notification.commands import RegisterDevice
from subgraphs.notification.senders.choosing import senders_of
from subgraphs.notification.senders.fcm import FcmSender
from subgraphs.notification.senders.google import GoogleTokens, ServiceAccount
from subgraphs.notification.senders.ports import Push, Pushed, Receipt
from tests.subgraphs.json_server import Answer, Asked, json_server
from tests.subgraphs.notification.post_office import ADA, open_post_office
from tests.subgraphs.people import done

KEY = RSAKey.generate_key(2048)
PUSH = Push("0b1f6a52-5a08-5d0e-8f3e-0c1d9be6a1f4", ("phone", "browser"), "Your lesson is open")


def _error(status: int, code: str, **detail: Any) -> Answer:
    return status, {"error": {"code": status, "status": code, "message": "it is so", "details": [detail]}}


UNREGISTERED = _error(404, "NOT_FOUND", errorCode="UNREGISTERED")


@dataclass
class StandIn:
    """Gives tokens to whoever has the key; `trouble` is what it answers about a device."""

    url: str = ""
    grants: list[dict[str, Any]] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)
    trouble: dict[str, Answer] = field(default_factory=dict)
    revoked: bool = False

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/token":
            [assertion] = parse_qs(asked.body)["assertion"]
            self.grants.append(jwt.decode(assertion, KEY, algorithms=["RS256"]).claims)
            if self.revoked:
                return 400, {"error": "invalid_grant"}
            return 200, {"access_token": f"token-{len(self.grants)}", "expires_in": 3600}
        assert asked.path == "/v1/projects/academy/messages:send"
        if asked.headers["authorization"] != f"Bearer token-{len(self.grants)}":
            return _error(401, "UNAUTHENTICATED")
        message = json.loads(asked.body)["message"]
        if message["token"] in self.trouble:
            return self.trouble[message["token"]]
        self.shown.append(message)
        return 200, {"name": f"projects/academy/messages/{message['token']}"}


@pytest.fixture
def google() -> Iterator[StandIn]:
    stand_in = StandIn()
    with json_server(stand_in.answer) as stand_in.url:
        yield stand_in


def _key_file(folder: Path, url: str) -> Path:
    file = folder / "service-account.json"
    account = {
        "type": "service_account",
        "project_id": "academy",
        "client_email": "pushes@academy.example",
        "private_key": KEY.as_pem(private=True).decode(),
        "token_uri": f"{url}/token",
    }
    file.write_text(json.dumps(account), encoding="utf-8")
    return file


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def sender(google: StandIn, tmp_path: Path, clock: FakeClock) -> Iterator[FcmSender]:
    tokens = GoogleTokens(ServiceAccount.read(_key_file(tmp_path, google.url)), clock)
    sender = FcmSender(tokens, url=google.url)
    yield sender
    sender.close()
    tokens.close()


async def test_every_device_shows_it_once(sender: FcmSender, google: StandIn) -> None:
    for _ in range(2):
        pushed = await sender.send(PUSH)
        assert pushed == Pushed(Succeeded(Receipt("projects/academy/messages/phone")))
    by_device = {message["token"]: message for message in google.shown}
    assert set(by_device) == {"phone", "browser"}
    message = by_device["phone"]
    assert message["notification"] == {"title": "Your lesson is open"}
    assert message["android"]["notification"]["tag"] == PUSH.id
    assert message["apns"]["headers"]["apns-collapse-id"] == PUSH.id
    assert len(message["webpush"]["headers"]["Topic"]) == 32


async def test_a_token_is_used_as_long_as_it_is_good(
    sender: FcmSender, google: StandIn, clock: FakeClock
) -> None:
    await sender.send(PUSH)
    clock.advance(timedelta(minutes=58))
    await sender.send(PUSH)
    assert len(google.grants) == 1
    clock.advance(timedelta(minutes=1))
    await sender.send(PUSH)
    first, second = google.grants
    assert (first["iss"], first["aud"]) == ("pushes@academy.example", f"{google.url}/token")
    assert second["exp"] - second["iat"] == 3600


async def test_a_token_that_is_not_accepted_is_replaced(sender: FcmSender, google: StandIn) -> None:
    await sender.send(PUSH)
    google.grants.append({})  # another one has been given out, and ours is worth nothing
    with pytest.raises(NotDoneError, match="does not know us"):
        await sender.send(PUSH)
    assert isinstance((await sender.send(PUSH)).outcome, Succeeded)


async def test_a_key_that_google_does_not_know_is_waited_out(sender: FcmSender, google: StandIn) -> None:
    google.revoked = True
    with pytest.raises(NotDoneError, match="invalid_grant"):
        await sender.send(PUSH)


@pytest.mark.parametrize(
    "answer",
    [
        UNREGISTERED,
        _error(403, "PERMISSION_DENIED", errorCode="SENDER_ID_MISMATCH"),
        _error(400, "INVALID_ARGUMENT", fieldViolations=[{"field": "message.token"}]),
    ],
)
async def test_a_device_that_is_gone_is_told(sender: FcmSender, google: StandIn, answer: Answer) -> None:
    google.trouble["phone"] = answer
    pushed = await sender.send(PUSH)
    assert pushed == Pushed(Succeeded(Receipt("projects/academy/messages/browser")), ("phone",))


async def test_nobody_is_reached_when_all_devices_are_gone(sender: FcmSender, google: StandIn) -> None:
    google.trouble = {"phone": UNREGISTERED, "browser": UNREGISTERED}
    pushed = await sender.send(PUSH)
    assert isinstance(pushed.outcome, Refused)
    assert (pushed.outcome.code, pushed.gone) == ("NO_DEVICE", ("phone", "browser"))


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        (_error(429, "RESOURCE_EXHAUSTED", errorCode="QUOTA_EXCEEDED"), NotDoneError),
        (_error(503, "UNAVAILABLE", errorCode="UNAVAILABLE"), OutcomeUnknownError),
        (_error(400, "INVALID_ARGUMENT", errorCode="INVALID_ARGUMENT"), RequestRejectedError),
        ((400, {"error": "odd"}), RequestRejectedError),
        (None, OutcomeUnknownError),
    ],
)
async def test_what_its_troubles_mean(
    sender: FcmSender, google: StandIn, answer: Answer, raised: type[Exception]
) -> None:
    google.trouble["browser"] = answer
    with pytest.raises(raised):
        await sender.send(PUSH)


async def test_a_device_that_is_gone_is_not_tried_again(google: StandIn, tmp_path: Path) -> None:
    key = _key_file(tmp_path, google.url)
    async with open_post_office(tmp_path, fcm=(key, google.url)) as office:
        await office.meet(ADA)
        await office.deliver()
        for token in ("phone", "browser"):
            done(await office.by(ADA, RegisterDevice(token)))
        google.trouble["phone"] = UNREGISTERED
        await office.send(Template.PAYMENT_COMPLETED, ADA, {"payment_id": "p", "amount": "49.00 EUR"})
        assert await office.deliver() == Backlog(0, 0, 0)
        assert [message["token"] for message in google.shown] == ["browser"]
        wishes = await office.ask(ADA).data("{ notificationPreferences { deviceCount } }")
        assert wishes["notificationPreferences"] == {"deviceCount": 1}


def test_the_environment_says_where_the_key_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def sender() -> str:
        return senders_of(Settings.from_environment(tmp_path), FakeClock()).push.name

    assert sender() == "files:push"
    monkeypatch.setenv("PLAIT_FCM_CREDENTIALS", str(_key_file(tmp_path, "https://oauth2.example")))
    assert sender() == "fcm"


@pytest.mark.parametrize("content", [None, "no JSON", "[]", "{}", '{"private_key": "x", "project_id": 1}'])
def test_what_is_no_key_of_a_service_account(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "key.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match="PLAIT_FCM_CREDENTIALS"):
        ServiceAccount.read(file)
