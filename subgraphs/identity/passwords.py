"""Passwords are hashed with bcrypt, in threads: one hash takes a third of a second of a processor."""

import asyncio

from pwdlib.hashers.bcrypt import BcryptHasher

from subgraphs.identity.domain import Password, PasswordHash

_AT_ONCE = 2  # more would only take the processor from everybody else

_NOBODYS = "$2b${rounds:02}$" + "." * 22 + "." * 31


class PasswordHasher:
    """Makes and compares hashes, a few at a time; the others wait."""

    def __init__(self, rounds: int) -> None:
        self._bcrypt = BcryptHasher(rounds=rounds)
        self._nobodys = PasswordHash(_NOBODYS.format(rounds=rounds))
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def hash(self, password: Password) -> PasswordHash:
        async with self._places:
            return PasswordHash(await asyncio.to_thread(self._bcrypt.hash, password.value))

    async def verify(self, attempt: str, stored: PasswordHash | None) -> bool:
        """Whether the attempt is the password. It takes as long for no user (None)."""
        possible = Password.fits(attempt)
        text, against = attempt if possible else "", stored or self._nobodys
        async with self._places:
            matches = await asyncio.to_thread(self._bcrypt.verify, text, against.value)
        return matches and possible and stored is not None
