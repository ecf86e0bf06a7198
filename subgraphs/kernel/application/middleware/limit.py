"""Who asks too often is refused before anything else is looked at."""

from dataclasses import dataclass

from subgraphs.kernel.application.route import Execution, Outcome, Proceed
from subgraphs.kernel.domain import Failure
from subgraphs.kernel.limits.limits import EVERY_ADDRESS, EVERY_ENDPOINT, EVERY_REQUEST, Limits


@dataclass(frozen=True, slots=True)
class WithinLimits:
    limits: Limits

    async def __call__(self, execution: Execution, proceed: Proceed) -> Outcome:
        limits = (EVERY_REQUEST, EVERY_ADDRESS, EVERY_ENDPOINT, *execution.route.limits)
        refusal = await self.limits.refusal(limits, execution.command, execution.request)
        return Failure(refusal) if refusal else await proceed(execution)
