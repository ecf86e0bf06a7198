"""Who may give a command is said where it is registered."""

from subgraphs.kernel.application.route import Execution, Outcome, Proceed
from subgraphs.kernel.domain import Failure


async def authorise(execution: Execution, proceed: Proceed) -> Outcome:
    refusal = execution.route.allow(execution.command, execution.request)
    return Failure(refusal) if refusal else await proceed(execution)
