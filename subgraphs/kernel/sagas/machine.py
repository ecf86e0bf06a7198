"""The rules of every saga: what it becomes when something happens, and what is to be sent. No I/O.

Each function answers None when nothing changes: the message came again, too late, or to nobody.

A saga that does not succeed is undone from its last completed step to its first, one after the other: the
next compensation is asked for when the one before is confirmed. A step that was open is abandoned; should it
turn out to be done, it is compensated like the others, even if the saga has ended meanwhile.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Generic, TypeAlias, TypeVar

from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.sagas.definition import Confirm, Correlation, Decision, Handle, Saga, Start
from subgraphs.kernel.sagas.outputs import Begin, Complete, Fail, Finish, Publish, Send
from subgraphs.kernel.sagas.record import SagaRecord, Status, Step, StepStatus

S = TypeVar("S")

_FIRST_PATIENCE: Final = timedelta(minutes=1)
_LONGEST_PATIENCE: Final = timedelta(hours=1)


class SagaError(Exception):
    """A handler's answer makes no sense; a bug of the saga's author."""


@dataclass(frozen=True, slots=True)
class Wake:
    """Look at a step again at this time."""

    step: str
    at: datetime


Effect: TypeAlias = Send | Publish | Wake


@dataclass(frozen=True, slots=True)
class Move(Generic[S]):
    """The saga as it is now, and what goes out with it."""

    record: SagaRecord[S]
    effects: tuple[Effect, ...] = ()

    def and_then(self, following: "Move[S]") -> "Move[S]":
        return Move(following.record, (*self.effects, *following.effects))


def receive(
    saga: Saga[S], record: SagaRecord[S] | None, message: IntegrationEvent, now: datetime
) -> Move[S] | None:
    """A message has come for the saga, or for the one that is not there yet. SagaError."""
    route = saga.route(type(message))
    if route is None:
        raise SagaError(f"{saga.type} does not handle {message.type}")
    match route.meaning, record:
        case Start(decide), None:
            return _start(saga, route.by, decide(message), message, now)
        case Handle(decide, step), SagaRecord(status=Status.RUNNING) if step is None or _is(
            record, step, StepStatus.RUNNING
        ):
            return _apply(saga, record, decide(record.state, message), step, now)
        case Handle(decide, str(step)), SagaRecord() if _is(record, step, StepStatus.ABANDONED):
            return _done_after_all(saga, record, decide(record.state, message), step, now)
        case Confirm(step), SagaRecord() if _is(record, step, StepStatus.COMPENSATING):
            return _compensated(saga, record, step, now)
    return None


def wake(saga: Saga[S], record: SagaRecord[S], timer: Wake, now: datetime) -> Move[S] | None:
    """A timer has run out. Ignored unless its step still waits for the same moment. SagaError."""
    step = record.step(timer.step)
    if step is None or step.timer_at != timer.at:
        return None
    match step.status:
        case StepStatus.RUNNING:
            late = saga.timeout(step.name)
            decision: Decision[S] = (
                late(record.state) if late else (record.state, [Fail(f"{step.name} timed out")])
            )
            return _apply(saga, record, decision, step.name, now)
        case StepStatus.COMPENSATING:
            return _ask(saga, replace(record, updated_at=now), step, now)
        case _:
            return None


def cancel(saga: Saga[S], record: SagaRecord[S], reason: str, now: datetime) -> Move[S] | None:
    """Somebody wants a running saga undone."""
    if record.status is not Status.RUNNING:
        return None
    return _give_up(saga, replace(record, updated_at=now), Status.CANCELLED, reason, now)


def _start(
    saga: Saga[S], by: Correlation[Any], decision: Decision[S], message: IntegrationEvent, now: datetime
) -> Move[S]:
    key = by(message)
    if key is None:
        raise SagaError(f"{message.type} starts {saga.type} without a key")
    record = SagaRecord(
        id=saga.id_of(key),
        type=saga.type,
        key=key,
        status=Status.RUNNING,
        state=decision[0],
        steps=(),
        version=0,
        created_at=now,
        updated_at=now,
    )
    return _apply(saga, record, decision, None, now)


def _apply(
    saga: Saga[S], record: SagaRecord[S], decision: Decision[S], step: str | None, now: datetime
) -> Move[S]:
    """Carry out what a handler of a running saga has answered."""
    state, outputs = decision
    move = Move(replace(record, state=state, updated_at=now))
    for output in outputs:
        if move.record.status is not Status.RUNNING:
            raise SagaError(f"{saga.type} says {type(output).__name__} after its end")
        match output:
            case Send() | Publish():
                move = Move(move.record, (*move.effects, output))
            case Begin(name, timeout):
                move = move.and_then(_begin(move.record, name, timeout, now))
            case Finish():
                move = Move(_finish(move.record, step, now), move.effects)
            case Complete():
                move = Move(_complete(move.record, now), move.effects)
            case Fail(reason):
                move = move.and_then(_give_up(saga, move.record, Status.FAILED, reason, now))
    return move


def _begin(record: SagaRecord[S], name: str, timeout: timedelta | None, now: datetime) -> Move[S]:
    step = record.step(name)
    if step is not None and step.status is not StepStatus.RUNNING:
        raise SagaError(f"{record.type} begins {name} again, which is {step.status}")
    at = now + timeout if timeout is not None else None
    begun_at = step.begun_at if step else now
    begun = Step(name=name, status=StepStatus.RUNNING, begun_at=begun_at, deadline=at, timer_at=at)
    return Move(record.with_step(begun), (Wake(name, at),) if at else ())


def _finish(record: SagaRecord[S], name: str | None, now: datetime) -> SagaRecord[S]:
    step = record.step(name) if name is not None else None
    if step is None or step.completed_at is not None:
        raise SagaError(f"{record.type} finishes a step where none is open")
    done = replace(step, status=StepStatus.COMPLETED, completed_at=now, deadline=None, timer_at=None)
    return record.with_last_step(done)


def _complete(record: SagaRecord[S], now: datetime) -> SagaRecord[S]:
    if open_ := [step.name for step in record.steps_in(StepStatus.RUNNING)]:
        raise SagaError(f"{record.type} completes while {', '.join(open_)} is open")
    return replace(record, status=Status.COMPLETED, ended_at=now)


def _give_up(saga: Saga[S], record: SagaRecord[S], outcome: Status, reason: str, now: datetime) -> Move[S]:
    abandoned = tuple(
        replace(step, status=StepStatus.ABANDONED, deadline=None, timer_at=None)
        if step.status is StepStatus.RUNNING
        else step
        for step in record.steps
    )
    return _undo(saga, replace(record, steps=abandoned, outcome=outcome, error=reason), now)


def _done_after_all(
    saga: Saga[S], record: SagaRecord[S], decision: Decision[S], step: str, now: datetime
) -> Move[S] | None:
    state, outputs = decision
    if Finish() not in outputs:
        return None
    finished = _finish(replace(record, state=state, updated_at=now), step, now)
    if next(finished.steps_in(StepStatus.COMPENSATING), None):
        return Move(finished)  # its turn comes when the compensation under way is confirmed
    return _undo(saga, finished, now)


def _compensated(saga: Saga[S], record: SagaRecord[S], name: str, now: datetime) -> Move[S]:
    step = record.step(name)
    assert step is not None
    undone = replace(step, status=StepStatus.COMPENSATED, compensated_at=now, deadline=None, timer_at=None)
    return _undo(saga, replace(record.with_step(undone), updated_at=now), now)


def _undo(saga: Saga[S], record: SagaRecord[S], now: datetime) -> Move[S]:
    """Compensate the last completed step, or end."""
    for step in reversed(tuple(record.steps_in(StepStatus.COMPLETED))):
        if saga.compensation(step.name):
            return _ask(saga, replace(record, status=Status.COMPENSATING), step, now)
    assert record.outcome is not None
    ended = replace(record, status=record.outcome)
    if ended.ended_at is not None:
        return Move(ended)
    farewell = saga.farewell(record.state, record.error or "")
    return Move(replace(ended, ended_at=now), tuple(farewell))


def _ask(saga: Saga[S], record: SagaRecord[S], step: Step, now: datetime) -> Move[S]:
    """Ask for a step's compensation, for the first time or again."""
    undo = saga.compensation(step.name)
    if undo is None:
        raise SagaError(f"{saga.type} no longer knows how to compensate {step.name}")
    # A large exponent would overflow long before the longest patience is asked for.
    at = now + min(_LONGEST_PATIENCE, _FIRST_PATIENCE * 2 ** min(step.attempts, 16))
    asked = replace(
        step,
        status=StepStatus.COMPENSATING,
        attempts=step.attempts + 1,
        deadline=step.deadline or at,
        timer_at=at,
    )
    return Move(record.with_step(asked), (undo(record.state), Wake(step.name, at)))


def _is(record: SagaRecord[Any], name: str, status: StepStatus) -> bool:
    step = record.step(name)
    return step is not None and step.status is status
