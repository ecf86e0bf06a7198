"""Say what came of a command, and how long it took."""

from time import perf_counter

import structlog

from subgraphs.kernel.application.route import Execution, Outcome, Proceed
from subgraphs.kernel.domain import Failure

_log = structlog.stdlib.get_logger("subgraphs.commands")


async def log(execution: Execution, proceed: Proceed) -> Outcome:
    started, word = perf_counter(), "raised"
    try:
        result = await proceed(execution)
        word = result.error.code if isinstance(result, Failure) else "done"
        return result
    finally:
        _log.info(
            type(execution.command).__name__,
            context=execution.context,
            outcome=word,
            milliseconds=round((perf_counter() - started) * 1000, 1),
            actor=execution.request.actor_id,
            correlation_id=execution.request.correlation_id,
        )
