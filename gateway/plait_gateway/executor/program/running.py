"""The run-time of compiled programs: callbacks, and the number of what has not come to its end."""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

import msgspec

from plait_gateway.clients.send import (
    Cancel,
    Outcome,
    Send,
    SubgraphRequest,
    SubgraphResponse,
    SubgraphUnreachable,
)
from plait_gateway.errors import ResponseError
from plait_gateway.executor.program.handing_over import HandOver, Reason
from plait_gateway.executor.program.kept import Kept
from plait_gateway.executor.program.schedule import FetchStep, Schedule, Start

_log = logging.getLogger(__name__)
_encode = msgspec.json.Encoder().encode

_IN_THE_BODY: Mapping[str, Any] = {}  # variables of requests whose body is written


class Completed(msgspec.Struct, frozen=True, gc=False):
    """A response in which nothing failed: `data` to be encoded, and what was asked of subgraphs for it."""

    data: msgspec.Struct | msgspec.Raw  # JSON already
    subgraph_requests: int
    answer_bytes: int
    errors: tuple[ResponseError, ...] = ()  # at fields that the client may not see


class HandedOver(msgspec.Struct, frozen=True):
    """What the interpreter goes on from."""

    reason: Reason
    kept: Kept


#: How an execution ends; an exception is a defect of ours.
Ended: TypeAlias = Completed | HandedOver | BaseException


class Running(msgspec.Struct, eq=False):
    """One execution: the response under construction, and the objects to go on from.

    `ended` is told when every fetch has brought what it should, or something came that is handed over
    (`reason`) or a defect of ours raised (`defect`), and no request is under way any more.
    """

    root: Any
    places: list[list[Any]]
    schedule: Schedule
    waiting: list[int]  # for each barrier, how many arrivals it waits for
    variables: Mapping[str, Any]
    headers: tuple[tuple[str, str], ...]
    send: Send
    take_out_internal: Callable[..., None] | None
    tell_denied: Callable[[Any], tuple[ResponseError, ...]] | None
    ended: Callable[[Ended], None] | None  # until it is told
    kept: list[tuple[SubgraphRequest, Outcome]] = []
    reason: Reason | None = None
    defect: BaseException | None = None
    cancels: list[Cancel] = []
    pending: int = 0  # exchanges under way, and the function that begins the first ones
    answer_bytes: int = 0

    def begin(self) -> None:
        """Start the first fetches."""
        self.pending = 1
        try:
            for start in self.schedule.starts:
                self._fetch(start)
        except BaseException as problem:  # noqa: BLE001 - see _stop
            self._stop(problem)
        self.pending -= 1
        if self.pending == 0:
            self._end()

    def give_up(self) -> None:
        """Nobody waits for the response, and nobody is told."""
        self.ended = None
        cancels, self.cancels = self.cancels, []
        for cancel in cancels:
            cancel()

    def _stop(self, problem: BaseException) -> None:
        """Note what was raised: nobody waits for its branch any more, and all of them end.

        A defect is raised where the execution is awaited.
        """
        if isinstance(problem, HandOver):
            self.reason = self.reason or problem.reason
        else:
            self.defect = self.defect or problem

    def _end(self) -> None:
        self.cancels.clear()  # they lead back here: garbage that only the collector would find
        ended, self.ended = self.ended, None
        if ended is not None:
            ended(self._outcome())

    def _outcome(self) -> Ended:
        if self.defect is not None:
            return self.defect
        if self.reason is not None:
            return HandedOver(self.reason, Kept(self.kept))
        errors: tuple[ResponseError, ...] = ()
        try:
            if self.take_out_internal is not None:
                self.take_out_internal(self.root, self.places)
            if self.tell_denied is not None:
                errors = self.tell_denied(self.root)
        except Exception as defect:  # noqa: BLE001 - ours; who waits raises it
            return defect
        return Completed(self.root, len(self.kept), self.answer_bytes, errors)

    def _fetch(self, start: Start) -> None:
        fetch = start.fetch
        copies: Any = None
        entities = b""
        if fetch.entities:
            try:
                copies, entities = self._represent(fetch)
            except Exception as problem:  # noqa: BLE001 - see _given_up
                raise _given_up(problem, fetch) from None
            if not entities:
                self._arrive(start.arrives_at)
                return
        request = SubgraphRequest(
            fetch.subgraph,
            fetch.query,
            _IN_THE_BODY,
            headers=self.headers,
            idempotent=not fetch.is_mutation,
            body=_body(fetch, entities, self.variables),
        )
        self.pending += 1
        try:
            cancel = self.send(request, partial(self._answered, start, copies, request))
        except BaseException:
            self.pending -= 1  # no outcome will be told
            raise
        self.cancels.append(cancel)

    def _represent(self, fetch: FetchStep) -> tuple[Any, bytes]:
        """What the fetch fills, and the variables that tell of it; these are empty where there is nothing."""
        if (only := fetch.only) is not None:
            copies, sent = only.represent(self.root, self.places)
            return copies, sent and only.variable + sent
        each = [field.represent(self.root, self.places) for field in fetch.entities]
        if not any(sent for _, sent in each):
            return (), b""
        texts = [
            field.variable + (sent or b"[]") for field, (_, sent) in zip(fetch.entities, each, strict=True)
        ]
        return [copies for copies, _ in each], b",".join(texts)

    def _answered(self, start: Start, copies: Any, request: SubgraphRequest, outcome: Outcome) -> None:
        self.kept.append((request, outcome))
        try:
            if self.reason is None and self.defect is None:
                self._take(start, copies, outcome)
        except BaseException as problem:  # noqa: BLE001 - see _stop
            self._stop(problem)
        self.pending -= 1
        if self.pending == 0:
            self._end()

    def _take(self, start: Start, copies: Any, outcome: Outcome) -> None:
        if isinstance(outcome, SubgraphUnreachable):
            raise HandOver(Reason.UNREACHABLE)
        self.answer_bytes += len(outcome.body)
        try:
            self._put_in_place(start.fetch, copies, outcome)
        except Exception as problem:  # noqa: BLE001 - see _given_up
            raise _given_up(problem, start.fetch) from None
        self._arrive(start.arrives_at)

    def _put_in_place(self, fetch: FetchStep, copies: Any, response: SubgraphResponse) -> None:
        if fetch.is_response:
            self.root = fetch.reader.read_text(response)
            return
        data = fetch.reader.read(response)
        if (only := fetch.only) is not None:
            only.take(self.root, self.places, getattr(data, only.key), copies)
        elif fetch.take is not None:
            fetch.take(self.root, self.places, data)
        else:
            for field, own in zip(fetch.entities, copies, strict=True):
                if own:
                    field.take(self.root, self.places, getattr(data, field.key), own)
        for functions in fetch.ahead:
            for function in functions:
                function(self.root, self.places)

    def _arrive(self, barrier: int) -> None:
        self.waiting[barrier] = left = self.waiting[barrier] - 1
        if left == 0:
            for start in self.schedule.barriers[barrier].starts:
                self._fetch(start)


def _given_up(problem: Exception, fetch: FetchStep) -> HandOver:
    """What a compiled function raised, which is handed over even if it is a defect of the compiler's.

    The interpreter has every answer and can go on from there, so that the client does not notice.
    """
    if isinstance(problem, HandOver):
        return problem
    _log.error("a program failed and is interpreted; its fetch: %s", fetch.query, exc_info=problem)
    return HandOver(Reason.DEFECT)


def _body(fetch: FetchStep, entities: bytes, given: Mapping[str, Any]) -> bytes:
    """What `encode_body` would make of the request, from parts; `entities` are variables as JSON."""
    used = fetch.variables and {name: given[name] for name in fetch.variables if name in given}
    if not used:
        return b"".join((fetch.head, b',"variables":{', entities, b"}}")) if entities else fetch.head + b"}"
    variables = _encode(used)
    if entities:
        variables = b"%b,%b}" % (variables[:-1], entities)
    return b'%b,"variables":%b}' % (fetch.head, variables)
