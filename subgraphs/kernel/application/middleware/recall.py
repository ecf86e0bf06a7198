"""Whoever asks again under the same key is answered as before, if that is known already.

Asked before the command is prepared: a password that was changed is no longer the current one, and the client
that did not get the answer would be told so. What is under way at this moment is found by `remember`.
"""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Final

import msgspec

from subgraphs.kernel.application.fingerprint import fingerprint, has_secrets
from subgraphs.kernel.application.middleware.retry import Retry
from subgraphs.kernel.application.route import Execution, Outcome, Proceed
from subgraphs.kernel.application.version import Version
from subgraphs.kernel.domain import Clock, DomainError, Failure, Success
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.idempotency import Key, Remembered, find_key

IDEMPOTENCY_KEY_REUSED: Final = DomainError(
    "IDEMPOTENCY_KEY_REUSED", "This idempotency key was used for another request"
)


_AT_ONCE: Final = 2  # more slow hashes would only take the processor from everybody else


@dataclass(frozen=True, slots=True)
class Recall:
    database: Database
    clock: Clock
    retry: Retry
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    async def __call__(self, execution: Execution, proceed: Proceed) -> Outcome:
        if not execution.is_remembered:
            return await proceed(execution)
        keyed = replace(execution, key=await self._key(execution))
        if execution.route.prepare is None:  # `remember` asks soon enough
            return await proceed(keyed)
        found = await self.retry.run(lambda: self._find(keyed), deadline=execution.request.deadline)
        match found:
            case Failure():
                return found
            case Success(value=before):
                return await proceed(keyed) if before is None else as_before(keyed, before)

    async def _key(self, execution: Execution) -> Key:
        request, command = execution.request, execution.command
        assert request.idempotency_key is not None, "it is remembered by its key"
        scope = f"{execution.context}/{request.actor_id or ''}"
        salt = f"{scope}/{request.idempotency_key}"
        if not has_secrets(command):
            return Key(scope, request.idempotency_key, fingerprint(command, salt=salt))
        async with self.places:
            hashed = await asyncio.to_thread(fingerprint, command, salt=salt)
        return Key(scope, request.idempotency_key, hashed)

    async def _find(self, execution: Execution) -> Success[Remembered | None]:
        async with self.database.read() as connection:
            return Success(await find_key(connection, execution.known_key, now=self.clock.now()))


def as_before(execution: Execution, before: Remembered) -> Outcome:
    """What the key was answered; IDEMPOTENCY_KEY_REUSED where it was for something else."""
    if before.request_hash != execution.known_key.request_hash:
        return Failure(IDEMPOTENCY_KEY_REUSED)
    execution.receipt.version = _version(before.version)
    return Success(msgspec.json.decode(before.result, type=execution.route.result))


def _version(stored: str | None) -> Version | None:
    match Version.parse(stored) if stored is not None else None:
        case Success(version):
            return version
        case _:
            return None
