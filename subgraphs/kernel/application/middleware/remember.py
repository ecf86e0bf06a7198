"""A client that got no answer may ask again under the same key, and gets the answer it missed.

The key is stored in the transaction that carries the command out: either both took place or neither. So a
refusal is not remembered, since it has changed nothing; asked again, the command is tried again.
"""

import msgspec

from subgraphs.kernel.application.middleware.recall import as_before
from subgraphs.kernel.application.route import Execution, Outcome, Proceed
from subgraphs.kernel.domain import Success
from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.store.idempotency import remember as store_result
from subgraphs.kernel.store.idempotency import take_key


async def remember(execution: Execution, proceed: Proceed) -> Outcome:
    if execution.key is None:
        return await proceed(execution)
    work = execution.open_work
    before = await take_key(work.connection, execution.key, now=work.now)
    if before is not None:
        return as_before(execution, before)
    fault_point("command.key_taken")
    result = await proceed(execution)
    if isinstance(result, Success):
        version = str(work.version) if work.version is not None else None
        await store_result(
            work.connection, execution.key, msgspec.json.encode(result.value).decode(), version
        )
    return result
