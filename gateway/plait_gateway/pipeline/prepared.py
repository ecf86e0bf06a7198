"""An operation that is ready to run, and one that runs."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from plait_gateway.clients.send import Cancel
from plait_gateway.executor import ExecutionResult
from plait_gateway.executor.program import Completed, Executable, Outcome, Program
from plait_gateway.pipeline.admission import Admission, Waiting
from plait_gateway.pipeline.kept import Kept, PlanKey
from plait_gateway.pipeline.operation import ChosenOperation
from plait_gateway.pipeline.request import Executed, GraphQLRequest


class Prepared(Struct, frozen=True):
    """An operation that is ready to run on the graph it was prepared for."""

    request: GraphQLRequest
    variables: Mapping[str, Any]
    executable: Executable
    operation: ChosenOperation
    key: PlanKey
    kept: Kept

    def used(self) -> None:
        """Count that it was asked again."""
        self.kept.used(self.request.query, self.key)


class Begun(Struct, eq=False):
    """An execution that begins at once or at its turn, and is over when it has ended or was given up."""

    prepared: Prepared
    program: Program
    admission: Admission
    expected: int
    executed: Callable[[Completed | ExecutionResult], Executed]
    ended: Callable[[Executed | BaseException], None] | None  # until it is over
    waiting: Waiting | None = None  # for its turn
    give_up_execution: Cancel | None = None  # while it runs

    def begin(self) -> None:
        """Start now, or as soon as the admission lets it."""
        self.waiting = self.admission.begin(self.expected, self._start)

    def give_up(self) -> None:
        """Nobody waits for it any more: `ended` hears nothing."""
        if self.ended is None:
            return
        self.ended = None
        if self.waiting is not None and self.waiting.leave():
            return
        if self.give_up_execution is not None:
            self.admission.end(self.expected)
            self.give_up_execution()

    def _start(self) -> None:
        prepared = self.prepared
        give_up = prepared.executable.begin(
            self.program, prepared.variables, prepared.kept.send, prepared.request.headers, self._end
        )
        if self.ended is not None:
            self.give_up_execution = give_up

    def _end(self, outcome: Outcome) -> None:
        ended, self.ended = self.ended, None
        self.give_up_execution = None  # it leads back here
        self.admission.end(self.expected)
        if ended is not None:
            ended(outcome if isinstance(outcome, BaseException) else self.executed(outcome))
