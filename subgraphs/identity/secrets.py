"""Tokens that their owner alone knows: 256 bits of chance, of which a hash is kept.

A fast hash will do: nobody can guess what is not chosen by people.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final

from subgraphs.identity.domain import SecretHash

_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Secret:
    """A new one: the text for its owner, the hash for us."""

    text: str = field(repr=False)
    hash: SecretHash

    @classmethod
    def new(cls) -> "Secret":
        text = token_urlsafe(_BYTES)
        return cls(text, hash_of(text))


def hash_of(text: str) -> SecretHash:
    """What is kept of a secret, or of whatever somebody shows in place of one."""
    return SecretHash(sha256(text.encode(errors="surrogatepass")).hexdigest())
