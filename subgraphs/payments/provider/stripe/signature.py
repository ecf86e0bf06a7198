"""Whether a webhook comes from Stripe: https://docs.stripe.com/webhooks#verify-manually."""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

TOLERANCE: Final = timedelta(minutes=5)
"""How old a signature may be: who has listened may not repeat it later. Clocks differ as much, too."""


class SignatureError(Exception):
    """Somebody else has sent it, or a long time ago."""


def verify(payload: bytes, header: str, secret: str, *, now: datetime) -> None:
    """Check the `Stripe-Signature` of a payload. SignatureError."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    stamps = [value for name, _, value in parts if name == "t" and value.isascii() and value.isdigit()]
    signatures = [value for name, _, value in parts if name == "v1"]
    if len(stamps) != 1 or not signatures:
        raise SignatureError("this is not a signature")
    if abs(now.timestamp() - int(stamps[0])) > TOLERANCE.total_seconds():
        raise SignatureError("the signature is too old")
    expected = sign(payload, secret, stamp=stamps[0])
    # All are compared, each in constant time: while a secret is exchanged there are two.
    matches = [hmac.compare_digest(expected.encode(), one.encode()) for one in signatures]
    if not any(matches):
        raise SignatureError("the signature is not Stripe's")


def sign(payload: bytes, secret: str, *, stamp: str) -> str:
    """The signature of a payload at a time."""
    return hmac.new(secret.encode(), f"{stamp}.".encode() + payload, sha256).hexdigest()
