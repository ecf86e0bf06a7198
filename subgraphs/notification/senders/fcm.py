"""Pushes by Firebase Cloud Messaging, its HTTP v1 API, to phones and browsers alike:
https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages/send."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from subgraphs.kernel.effects.http import HttpApi
from subgraphs.kernel.effects.outcome import (
    NotDoneError,
    OutcomeUnknownError,
    Refused,
    RequestRejectedError,
    Succeeded,
)
from subgraphs.notification.senders.google import GoogleTokens
from subgraphs.notification.senders.ports import Push, Pushed, Receipt, Sending

_GONE: Final = frozenset({"UNREGISTERED", "SENDER_ID_MISMATCH"})
_NO_DEVICE: Final = Refused("NO_DEVICE", "None of the devices is reached any more")


class FcmSender:
    """A message for each device. Under one id a device shows one notification, however often it is sent."""

    def __init__(self, tokens: GoogleTokens, *, url: str) -> None:
        self._tokens = tokens
        self._api = HttpApi("FCM", url=url, headers={"content-type": "application/json; charset=utf-8"})
        self._path = f"/v1/projects/{tokens.account.project_id}/messages:send"

    @property
    def name(self) -> str:
        return "fcm"

    async def send(self, push: Push) -> Pushed:
        """Refused when no device is reached any more; those that are gone are told besides."""
        token = await self._tokens.current()
        names = await asyncio.gather(*(self._send_to(one, push, token) for one in push.devices))
        found = dict(zip(push.devices, names, strict=True))
        gone = tuple(device for device, name in found.items() if name is None)
        taken = next((name for name in names if name is not None), None)
        return Pushed(_NO_DEVICE if taken is None else Succeeded(Receipt(taken)), gone)

    async def find(self, _id: str) -> Sending | None:
        return None

    def close(self) -> None:
        self._api.close()

    async def _send_to(self, device: str, push: Push, token: str) -> str | None:
        """What FCM calls the message; None for a device that it does not reach any more."""
        status, body = await self._api.exchange(
            "POST",
            self._path,
            headers={"authorization": f"Bearer {token}"},
            body=json.dumps({"message": _message(device, push)}),
        )
        if status == 200:
            return str(body.get("name") or "")
        error = body.get("error")
        error = error if isinstance(error, dict) else {}
        if _is_gone(error):
            return None
        said = f"{error.get('status') or status}: {error.get('message') or 'it does not say what is wrong'}"
        match status:
            case 401 | 403:
                self._tokens.forget()
                raise NotDoneError(f"FCM does not know us: {said}")
            case 429:
                raise NotDoneError("FCM has had too many requests")
            case _ if status >= 500:
                raise OutcomeUnknownError(f"FCM is in trouble: {said}")
            case _:
                raise RequestRejectedError(f"FCM: {said}")


def _message(device: str, push: Push) -> dict[str, Any]:
    topic = UUID(push.id).hex  # RFC 8030: 32 characters at most
    return {
        "token": device,
        "notification": {"title": push.title},
        "data": {"notificationId": push.id},
        "android": {"notification": {"tag": push.id}},
        "apns": {"headers": {"apns-collapse-id": push.id}},
        "webpush": {"headers": {"Topic": topic}, "notification": {"tag": push.id}},
    }


def _is_gone(error: Mapping[str, Any]) -> bool:
    """Whether the device has no such app any more, or never had: the token is good for nothing."""
    for detail in _details(error):
        if detail.get("errorCode") in _GONE:
            return True
        fields = detail.get("fieldViolations")
        if isinstance(fields, list) and any(
            isinstance(one, dict) and one.get("field") == "message.token" for one in fields
        ):
            return True
    return False


def _details(error: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    details = error.get("details")
    yield from (one for one in (details if isinstance(details, list) else ()) if isinstance(one, dict))
