"""What is slow or outside the database comes before the transaction.

SQLite has one writer: a password hashed inside the transaction would hold everybody up.
"""

from dataclasses import replace

from subgraphs.kernel.application.route import Execution, Outcome, Proceed
from subgraphs.kernel.domain import Failure


async def prepare(execution: Execution, proceed: Proceed) -> Outcome:
    if execution.route.prepare is None:
        return await proceed(execution)
    prepared = await execution.route.prepare(execution.command, execution.request)
    if isinstance(prepared, Failure):
        return prepared
    return await proceed(replace(execution, prepared=prepared.value))
