"""Some commands cannot be carried out whatever is stored."""

from subgraphs.kernel.application.route import Execution, Outcome, Proceed
from subgraphs.kernel.domain import Failure


async def validate(execution: Execution, proceed: Proceed) -> Outcome:
    refusal = execution.command.invalid()
    return Failure(refusal) if refusal else await proceed(execution)
