"""Access tokens of a Google service account, by its key (RFC 7523)."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from subgraphs.kernel.domain import Clock
from subgraphs.kernel.effects.http import HttpApi
from subgraphs.kernel.effects.outcome import NotDoneError
from subgraphs.kernel.settings import SettingsError

_SCOPE: Final = "https://www.googleapis.com/auth/firebase.messaging"
_GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LIVES: Final = timedelta(hours=1)
_IN_TIME: Final = timedelta(minutes=1)
"""So long before it ends a token is not used any more."""


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """Who we are to Google."""

    project_id: str
    client_email: str
    key: RSAKey = field(repr=False)
    token_uri: str

    @classmethod
    def read(cls, file: Path) -> "ServiceAccount":
        """From the JSON file that Google makes for a service account. SettingsError, which says no secret."""
        complaint = f"PLAIT_FCM_CREDENTIALS: {file} should be the JSON key file of a service account"
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
            texts = [found[name] for name in ("project_id", "client_email", "token_uri", "private_key")]
            project_id, client_email, token_uri, private_key = texts
            if not all(isinstance(text, str) for text in texts):
                raise SettingsError(complaint)
            return cls(project_id, client_email, RSAKey.import_key(private_key), token_uri)
        except (OSError, ValueError, KeyError, TypeError, JoseError):
            raise SettingsError(complaint) from None


class GoogleTokens:
    """The tokens of an account, each used as long as it is good."""

    def __init__(self, account: ServiceAccount, clock: Clock) -> None:
        self.account = account
        self._clock = clock
        self._api = HttpApi(
            "Google", url=account.token_uri, headers={"content-type": "application/x-www-form-urlencoded"}
        )
        self._token: tuple[str, datetime] | None = None

    async def current(self) -> str:
        """One that is good for a while. NotDoneError when there is none to be had, OutcomeUnknownError."""
        now = self._clock.now()
        if self._token is not None and now < self._token[1] - _IN_TIME:
            return self._token[0]
        form = urlencode({"grant_type": _GRANT, "assertion": self._assertion(now)})
        status, body = await self._api.exchange("POST", body=form)
        match body:
            case {"access_token": str(token), "expires_in": int(seconds)} if status == 200:
                self._token = token, now + timedelta(seconds=seconds)
                return token
            case _:
                raise NotDoneError(f"Google does not know us: {body.get('error') or status}")

    def forget(self) -> None:
        """It was not accepted: the next one is a new one."""
        self._token = None

    def close(self) -> None:
        self._api.close()

    def _assertion(self, now: datetime) -> str:
        claims = {
            "iss": self.account.client_email,
            "scope": _SCOPE,
            "aud": self.account.token_uri,
            "iat": int(now.timestamp()),
            "exp": int((now + _LIVES).timestamp()),
        }
        return jwt.encode({"alg": "RS256", "typ": "JWT"}, claims, self.account.key, ["RS256"])
