"""A command is a span of the trace that it was given in."""

from subgraphs.kernel.application.route import Execution, Outcome, Proceed
from subgraphs.kernel.domain import Failure
from subgraphs.kernel.telemetry.tracing import span


async def trace(execution: Execution, proceed: Proceed) -> Outcome:
    name = type(execution.command).__name__
    with span(f"command {name}", {"plait.context": execution.context}) as current:
        result = await proceed(execution)
        current.set_attribute("plait.outcome", result.error.code if isinstance(result, Failure) else "done")
        return result
