"""The Twilio adapter against a stand-in of its HTTP API: what is sent, and what answers mean."""

import socket
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from subgraphs.kernel.effects.outcome import (
    NotDoneError,
    OutcomeUnknownError,
    Refused,
    RequestRejectedError,
    Succeeded,
)
from subgraphs.kernel.settings import Settings, SettingsError, Twilio
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.notification.senders.choosing import senders_of
from subgraphs.notification.senders.ports import Receipt, Sms
from subgraphs.notification.senders.twilio import TwilioSender
from tests.subgraphs.json_server import Answer, Asked, json_server

ACCOUNT = Twilio("AC1", "s3cret", "+4930123456")
NOW = datetime(2025, 9, 1, 8, tzinfo=UTC)
SMS = Sms("id-1", "+4915112345678", "Your lesson is open: go on", NOW)


@dataclass
class StandIn:
    """Takes messages; `trouble` is what it answers instead."""

    url: str = ""
    taken: list[dict[str, str]] = field(default_factory=list)
    listed: list[dict[str, Any]] = field(default_factory=list)
    trouble: list[Answer] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        credentials = b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode()
        if credentials != "AC1:s3cret":
            return 401, {"code": 20003, "message": "Authenticate"}
        path, _, query = asked.path.partition("?")
        assert path == "/2010-04-01/Accounts/AC1/Messages.json"
        if self.trouble:
            return self.trouble.pop()
        if asked.method == "GET":
            to = dict(parse_qsl(query))["To"]
            return 200, {"messages": [one for one in self.listed if one["to"] == to]}
        self.taken.append(dict(parse_qsl(asked.body)))
        return 201, {"sid": f"SM{len(self.taken)}", "status": "queued"}


@pytest.fixture
def twilio() -> Iterator[StandIn]:
    stand_in = StandIn()
    with json_server(stand_in.answer) as stand_in.url:
        yield stand_in


@pytest.fixture
def sender(twilio: StandIn) -> Iterator[TwilioSender]:
    sender = TwilioSender(ACCOUNT, url=twilio.url)
    yield sender
    sender.close()


async def test_a_message_goes_out_from_our_number(sender: TwilioSender, twilio: StandIn) -> None:
    assert await sender.send(SMS) == Succeeded(Receipt("SM1"))
    assert twilio.taken == [{"To": SMS.to, "From": "+4930123456", "Body": SMS.text}]


def listed(**other: Any) -> dict[str, Any]:
    created = format_datetime(NOW + timedelta(seconds=2))
    one = {"sid": "SM9", "to": SMS.to, "body": SMS.text, "status": "queued", "date_created": created}
    return {**one, **other}


@pytest.mark.parametrize(
    "other",
    [
        {"to": "+4915100000000"},
        {"body": "Something else"},
        {"status": "failed"},
        {"status": "undelivered"},
        {"date_created": format_datetime(NOW - timedelta(hours=1))},
        {"date_created": "yesterday"},
        {"sid": None},
    ],
)
async def test_a_message_whose_answer_was_lost_is_found_among_those_that_went_out(
    sender: TwilioSender, twilio: StandIn, other: dict[str, Any]
) -> None:
    twilio.listed.append(listed(**other))
    assert await sender.find(SMS) is None
    twilio.listed.append(listed(body=f"Sent from a trial account - {SMS.text}"))
    assert await sender.find(SMS) == Succeeded(Receipt("SM9"))
    twilio.trouble.append((503, {"message": "busy"}))
    with pytest.raises(NotDoneError):
        await sender.find(SMS)


async def test_a_messaging_service_chooses_its_number_itself(twilio: StandIn) -> None:
    sender = TwilioSender(Twilio("AC1", "s3cret", "MG7"), url=twilio.url)
    await sender.send(SMS)
    assert twilio.taken == [{"To": SMS.to, "MessagingServiceSid": "MG7", "Body": SMS.text}]
    sender.close()


@pytest.mark.parametrize(
    ("code", "reason"), [(21211, "INVALID_NUMBER"), (21614, "NO_MOBILE_NUMBER"), (21610, "UNSUBSCRIBED")]
)
async def test_whom_it_does_not_reach_it_refuses(
    sender: TwilioSender, twilio: StandIn, code: int, reason: str
) -> None:
    twilio.trouble.append((400, {"code": code, "message": "not there"}))
    assert await sender.send(SMS) == Refused(reason, "not there")


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        ((429, {"code": 20429, "message": "Too Many Requests"}), NotDoneError),
        ((503, {"message": "busy"}), OutcomeUnknownError),
        ((200, b"<html>"), OutcomeUnknownError),
        (None, OutcomeUnknownError),
        ((400, {"code": 21606, "message": "not your number"}), RequestRejectedError),
        ((400, {"code": "x"}), RequestRejectedError),
    ],
)
async def test_what_its_troubles_mean(
    sender: TwilioSender, twilio: StandIn, answer: Any, raised: type[Exception]
) -> None:
    twilio.trouble.append(answer)
    with pytest.raises(raised):
        await sender.send(SMS)


async def test_a_wrong_token_of_ours_is_waited_out(twilio: StandIn) -> None:
    sender = TwilioSender(Twilio("AC1", "wrong", "+4930123456"), url=twilio.url)
    with pytest.raises(NotDoneError, match="does not know us"):
        await sender.send(SMS)
    sender.close()


async def test_nobody_at_home_means_that_nothing_was_done() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        sender = TwilioSender(ACCOUNT, url=f"http://127.0.0.1:{closed.getsockname()[1]}")
        with pytest.raises(NotDoneError):
            await sender.send(SMS)
    sender.close()


def test_the_environment_says_whose_account_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def sender() -> str:
        return senders_of(Settings.from_environment(tmp_path), FakeClock()).sms.name

    assert sender() == "files:sms"
    monkeypatch.setenv("PLAIT_TWILIO_ACCOUNT_SID", "AC1")
    monkeypatch.setenv("PLAIT_TWILIO_FROM", "+4930123456")
    with pytest.raises(SettingsError, match="PLAIT_TWILIO_AUTH_TOKEN"):
        sender()
    monkeypatch.setenv("PLAIT_TWILIO_AUTH_TOKEN", "s3cret")
    assert sender() == "twilio"
    assert "s3cret" not in repr(Settings.from_environment(tmp_path))
