"""One command, one transaction: committed on a Success, rolled back on a Failure or an exception."""

from dataclasses import dataclass, replace

from subgraphs.kernel.application.route import Execution, Outcome, Proceed
from subgraphs.kernel.domain import Failure
from subgraphs.kernel.store.unit_of_work import Transactions
from subgraphs.kernel.telemetry.tracing import span


@dataclass(frozen=True, slots=True)
class InTransaction:
    transactions: Transactions

    async def __call__(self, execution: Execution, proceed: Proceed) -> Outcome:
        with span("transaction"):
            async with self.transactions.begin(execution.context, execution.request) as work:
                result = await proceed(replace(execution, work=work))
                if isinstance(result, Failure):
                    await work.rollback()
        if not isinstance(result, Failure) and work.version is not None:
            execution.receipt.version = work.version
        return result
