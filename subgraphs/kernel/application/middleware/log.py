"""Say and measure what came of a command, and how long it took."""

from time import perf_counter

import structlog

from subgraphs.kernel.application.route import Execution, Outcome, Proceed
from subgraphs.kernel.domain import Failure
from subgraphs.kernel.telemetry.instruments import COMMAND_SECONDS

_log = structlog.stdlib.get_logger("subgraphs.commands")


async def log(execution: Execution, proceed: Proceed) -> Outcome:
    started, word = perf_counter(), "raised"
    try:
        result = await proceed(execution)
        word = result.error.code if isinstance(result, Failure) else "done"
        return result
    finally:
        seconds, name = perf_counter() - started, type(execution.command).__name__
        COMMAND_SECONDS.labels(execution.context, name, word).observe(seconds)
        _log.info(
            name,
            context=execution.context,
            outcome=word,
            milliseconds=round(seconds * 1000, 1),
            actor=execution.request.actor_id,
            correlation_id=execution.request.correlation_id,
        )
