"""Text messages by Twilio: https://www.twilio.com/docs/messaging/api/message-resource."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import quote, urlencode

from urllib3.util import make_headers

from subgraphs.kernel.effects.http import HttpApi
from subgraphs.kernel.effects.outcome import (
    NotDoneError,
    OutcomeUnknownError,
    Refused,
    RequestRejectedError,
    Succeeded,
)
from subgraphs.kernel.settings import Twilio
from subgraphs.notification.senders.ports import Receipt, Sending, Sms

_UNREACHABLE: Final[Mapping[int, str]] = {
    21211: "INVALID_NUMBER",
    21217: "INVALID_NUMBER",
    21614: "NO_MOBILE_NUMBER",
    21612: "NUMBER_UNREACHABLE",
    21214: "NUMBER_UNREACHABLE",
    21408: "COUNTRY_NOT_ALLOWED",
    21610: "UNSUBSCRIBED",
}
"""Twilio's codes for what is wrong with whom it should go to."""


_OK: Final = 200
_NOT_SENT: Final = frozenset({"failed", "undelivered", "canceled"})
_SKEW: Final = timedelta(minutes=1)
_LATEST: Final = 50


class TwilioSender:
    """Hands text messages to Twilio, which knows neither idempotency keys nor ids of ours.

    Should its answer be lost, a message is looked for by its words among those that went to the number since,
    and handed in again if it is not there: of two that say the same, one may be taken for the other.
    """

    def __init__(self, account: Twilio, *, url: str) -> None:
        secret = make_headers(basic_auth=f"{account.account_sid}:{account.auth_token}")
        self._api = HttpApi("Twilio", url=url, headers=secret)
        self._path = f"/2010-04-01/Accounts/{quote(account.account_sid, safe='')}/Messages.json"
        is_service = account.sender.startswith("MG")
        self._from = {"MessagingServiceSid" if is_service else "From": account.sender}

    @property
    def name(self) -> str:
        return "twilio"

    async def send(self, sms: Sms) -> Sending:
        """Refused when the number cannot or must not be reached."""
        form = {"To": sms.to, "Body": sms.text, **self._from}
        headers = {"content-type": "application/x-www-form-urlencoded"}
        status, body = await self._api.exchange("POST", self._path, headers=headers, body=urlencode(form))
        match status:
            case 200 | 201:
                return Succeeded(Receipt(str(body.get("sid") or "")))
            case 401 | 403:
                raise NotDoneError(
                    f"Twilio does not know us: {_said(body)}"
                )  # until somebody mends the token
            case 429:
                raise NotDoneError("Twilio has had too many requests")
            case _ if status >= 500:
                raise OutcomeUnknownError(f"Twilio is in trouble: {_said(body)}")
        code = body.get("code")
        if isinstance(code, int) and code in _UNREACHABLE:
            return Refused(_UNREACHABLE[code], _said(body))
        raise RequestRejectedError(f"Twilio: {code or status}: {_said(body)}")

    async def find(self, sms: Sms) -> Sending | None:
        query = urlencode({"To": sms.to, "PageSize": str(_LATEST)})  # the latest first
        status, body = await self._api.exchange("GET", f"{self._path}?{query}")
        if status != _OK:
            raise NotDoneError(f"Twilio does not say what it has taken: {_said(body)}")
        taken = body.get("messages")
        for one in taken if isinstance(taken, list) else ():
            match one:
                case {
                    "sid": str(sid),
                    "body": str(text),
                    "status": str(standing),
                    "date_created": str(at),
                } if (
                    standing not in _NOT_SENT
                    and text.endswith(sms.text.strip())  # what a trial account sends has words before
                    and _is_since(at, sms.said_at)
                ):
                    return Succeeded(Receipt(sid))
        return None

    def close(self) -> None:
        self._api.close()


def _is_since(stamp: str, instant: datetime) -> bool:
    try:
        return parsedate_to_datetime(stamp) >= instant - _SKEW
    except (ValueError, TypeError):
        return False


def _said(body: Mapping[str, Any]) -> str:
    return str(body.get("message") or "it does not say what is wrong")
