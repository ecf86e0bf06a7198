"""By what a command is told from others under the same idempotency key."""

from dataclasses import fields
from hashlib import scrypt, sha256
from typing import Any, Final

import msgspec

from subgraphs.kernel.application.messages import Command

_ROUNDS: Final = 2**14  # with a block of 8, five times: as slow to guess as a password's own hash
_BLOCK: Final = 8
_PASSES: Final = 5


def has_secrets(command: Command[Any]) -> bool:
    """Whether there is something in it that is not to be shown: a password, say."""
    return not all(field.repr for field in fields(command))  # type: ignore[arg-type]  # a command is a dataclass


def fingerprint(command: Command[Any], *, salt: str) -> str:
    """A hash of all that a command says, to be stored.

    With secrets it takes a fifth of a second: a quick one would be as good as the password to a guesser.
    """
    said = {field.name: getattr(command, field.name) for field in fields(command)}  # type: ignore[arg-type]
    content = msgspec.json.encode([type(command).__name__, said], order="sorted")
    if has_secrets(command):
        return scrypt(content, salt=salt.encode(), n=_ROUNDS, r=_BLOCK, p=_PASSES, dklen=32).hex()
    return sha256(content).hexdigest()
