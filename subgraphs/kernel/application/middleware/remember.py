"""A client that got no answer may ask again under the same key, and gets the answer it missed.

The key is stored in the transaction that carries the command out: either both took place or neither. So a
refusal is not remembered, since it has changed nothing; asked again, the command is tried again.
"""

from dataclasses import fields
from hashlib import sha256
from typing import Any, Final

import msgspec

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.route import Execution, Outcome, Proceed
from subgraphs.kernel.application.version import Version
from subgraphs.kernel.domain import DomainError, Failure, Success
from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.store.idempotency import Key, take_key
from subgraphs.kernel.store.idempotency import remember as store_result

IDEMPOTENCY_KEY_REUSED: Final = DomainError(
    "IDEMPOTENCY_KEY_REUSED", "This idempotency key was used for another request"
)


async def remember(execution: Execution, proceed: Proceed) -> Outcome:
    request, route, work = execution.request, execution.route, execution.open_work
    if request.idempotency_key is None or not execution.is_remembered:
        return await proceed(execution)
    scope = f"{execution.context}/{request.actor_id or ''}"
    key = Key(scope, request.idempotency_key, _hash(execution.command))
    before = await take_key(work.connection, key, now=work.now)
    if before is not None:
        if before.request_hash != key.request_hash:
            return Failure(IDEMPOTENCY_KEY_REUSED)
        execution.receipt.version = _version(before.version)
        return Success(msgspec.json.decode(before.result, type=route.result))
    fault_point("command.key_taken")
    result = await proceed(execution)
    if isinstance(result, Success):
        version = str(work.version) if work.version is not None else None
        await store_result(work.connection, key, msgspec.json.encode(result.value).decode(), version)
    return result


def _version(stored: str | None) -> Version | None:
    match Version.parse(stored) if stored is not None else None:
        case Success(version):
            return version
        case _:
            return None


def _hash(command: Command[Any]) -> str:
    """Of all fields that may be shown. A hash of a password would be as good as the password to a guesser."""
    shown: dict[str, Any] = {
        field.name: getattr(command, field.name)
        for field in fields(command)  # type: ignore[arg-type]  # a command is a dataclass
        if field.repr
    }
    content = msgspec.json.encode([type(command).__name__, shown], order="sorted")
    return sha256(content).hexdigest()
