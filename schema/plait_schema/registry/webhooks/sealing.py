"""Addresses and secrets of webhooks, as the database holds them: AES-GCM, by a key that is not in it.

Many an address is a secret itself, as those of chats are. The key is derived from the registry's signing key.
"""

import base64
import secrets
from binascii import Error
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE: Final = 12  # bytes


class SealError(Exception):
    """It was sealed with another key, for something else, or not at all."""


class Seal:
    """`key` are 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def close(self, text: str, *, of: str) -> str:
        """`of` is what it belongs to: it cannot be opened as that of something else."""
        nonce = secrets.token_bytes(_NONCE)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, text.encode(), of.encode())).decode()

    def open(self, sealed: str, *, of: str) -> str:
        """Raises SealError."""
        try:
            content = base64.b64decode(sealed)
            return self._cipher.decrypt(content[:_NONCE], content[_NONCE:], of.encode()).decode()
        except (InvalidTag, Error, ValueError) as error:
            raise SealError("it was sealed with another signing key") from error
