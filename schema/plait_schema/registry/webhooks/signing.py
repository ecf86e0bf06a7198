"""Signatures by which receivers know that it was this registry, and when.

HMAC-SHA256 over id, time and body, as https://www.standardwebhooks.com says: its libraries verify them.
"""

import base64
import hmac
import secrets
from datetime import datetime
from typing import Final

_PREFIX: Final = "whsec_"


def new_webhook_secret() -> str:
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed_headers(secret: str, message: str, at: datetime, body: bytes) -> dict[str, str]:
    """`message` is the same in each attempt at a delivery, and `at` when this one is made."""
    timestamp = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    digest = hmac.digest(key, b".".join((message.encode(), timestamp.encode(), body)), "sha256")
    return {
        "webhook-id": message,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
