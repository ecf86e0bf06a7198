"""How passwords are kept."""

from pathlib import Path

import bcrypt

from subgraphs.identity.domain import Password, PasswordHash
from subgraphs.identity.passwords import PasswordHasher
from subgraphs.kernel.settings import Settings


async def test_a_hash_is_bcrypts_and_verifies() -> None:
    hasher = PasswordHasher(4)
    stored = await hasher.hash(Password("correct horse"))
    assert bcrypt.checkpw(b"correct horse", stored.value.encode())
    assert await hasher.verify("correct horse", stored)
    assert not await hasher.verify("correct hors", stored)


async def test_nobodys_password_is_compared_too_and_never_right() -> None:
    hasher = PasswordHasher(4)
    assert not await hasher.verify("", None)
    assert not await hasher.verify("correct horse", None)


async def test_what_cannot_be_a_password_is_wrong() -> None:
    hasher = PasswordHasher(4)
    empty = PasswordHash(bcrypt.hashpw(b"", bcrypt.gensalt(4)).decode())
    for attempt in ("x" * 73, "a\0b", "\ud800"):
        assert not await hasher.verify(attempt, empty)


def test_twelve_rounds_are_the_default() -> None:
    assert Settings(Path()).password_rounds == 12
