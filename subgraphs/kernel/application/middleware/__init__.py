"""The steps that every command goes through, whatever it is: each decides whether and how to proceed.

trace        a span of the trace that it was given in
log          say and measure what came of it
limit        not too often
authorise    who may
validate     what can be refused without looking at anything stored
recall       a key that was used before is answered as before, without more ado
prepare      what is slow, before the transaction opens
retry        once more after a conflict with somebody else
transaction  commit a success, roll back a failure
remember     keep the answer under its key, or find what somebody else has kept meanwhile
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import reduce
from typing import TypeAlias

from subgraphs.kernel.application.route import Execution, Outcome, Proceed

Middleware: TypeAlias = Callable[[Execution, Proceed], Awaitable[Outcome]]


def pipeline(steps: Sequence[Middleware], handle: Proceed) -> Proceed:
    """The steps, the first one outermost, around the handling of the command."""
    return reduce(_around, reversed(steps), handle)


def _around(proceed: Proceed, step: Middleware) -> Proceed:
    async def taken(execution: Execution) -> Outcome:
        return await step(execution, proceed)

    return taken
