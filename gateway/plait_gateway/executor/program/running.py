"""The run-time of compiled programs: callbacks, and the number of what has not come to its end."""

import logging
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import msgspec

from plait_gateway.clients.send import (
    Cancel,
    Outcome,
    Send,
    SubgraphRequest,
    SubgraphResponse,
    SubgraphUnreachable,
)
from plait_gateway.executor.program.handing_over import HandOver, Reason
from plait_gateway.executor.program.kept import Kept
from plait_gateway.executor.program.schedule import FetchStep, Schedule, Start

_log = logging.getLogger(__name__)
_encode = msgspec.json.Encoder().encode


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
    ended: "Callable[[Running], None] | None"  # until it is told
    kept: Kept = msgspec.field(default_factory=Kept)
    requests: int = 0
    reason: Reason | None = None
    defect: BaseException | None = None
    cancels: list[Cancel] = msgspec.field(default_factory=list)
    pending: int = 0  # exchanges under way, and functions here that may begin more

    def begin(self) -> None:
        """Start the first fetches."""
        self._go_on(self._start, self.schedule.starts)

    def give_up(self) -> None:
        """Nobody waits for the response, and nobody is told."""
        self.ended = None
        cancels, self.cancels = self.cancels, []
        for cancel in cancels:
            cancel()

    def _go_on(self, continuation: Callable[..., None], *arguments: Any) -> None:
        """Run a continuation. Whatever it raises, nobody waits for its branch any more: all of them end."""
        self.pending += 1
        try:
            continuation(*arguments)
        except HandOver as handed_over:
            self.reason = self.reason or handed_over.reason
        except BaseException as defect:  # noqa: BLE001 - it is raised where the execution is awaited
            self.defect = self.defect or defect
        self.pending -= 1
        if self.pending == 0:
            self._end()

    def _end(self) -> None:
        self.cancels.clear()  # they lead back here: garbage that only the collector would find
        ended, self.ended = self.ended, None
        if ended is not None:
            ended(self)

    def _start(self, starts: tuple[Start, ...]) -> None:
        for start in starts:
            self._fetch(start)

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
        body = _body(fetch, entities, self.variables)
        request = SubgraphRequest(
            fetch.subgraph,
            fetch.query,
            EncodedVariables(body),
            headers=self.headers,
            idempotent=not fetch.is_mutation,
            body=body,
        )
        self.requests += 1
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
            return copies, sent and b"%b:%b" % (only.variable, sent)
        each = [field.represent(self.root, self.places) for field in fetch.entities]
        if not any(sent for _, sent in each):
            return (), b""
        texts = [
            b"%b:%b" % (field.variable, sent or b"[]")
            for field, (_, sent) in zip(fetch.entities, each, strict=True)
        ]
        return [copies for copies, _ in each], b",".join(texts)

    def _answered(self, start: Start, copies: Any, request: SubgraphRequest, outcome: Outcome) -> None:
        self.pending -= 1
        self.kept.add(request, outcome)
        self._go_on(self._take, start, copies, outcome)

    def _take(self, start: Start, copies: Any, outcome: Outcome) -> None:
        if self.reason is not None or self.defect is not None:
            return
        if isinstance(outcome, SubgraphUnreachable):
            raise HandOver(Reason.UNREACHABLE)
        fetch = start.fetch
        try:
            self._put_in_place(fetch, copies, outcome)
        except Exception as problem:  # noqa: BLE001 - see _given_up
            raise _given_up(problem, fetch) from None
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
            self._start(self.schedule.barriers[barrier].starts)


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
        return b'%b,"variables":{%b}}' % (fetch.head, entities) if entities else fetch.head + b"}"
    variables = _encode(used)
    if entities:
        variables = b"%b,%b}" % (variables[:-1], entities)
    return b'%b,"variables":%b}' % (fetch.head, variables)


class EncodedVariables(Mapping[str, Any]):
    """The variables of a request whose body is there already, for who wants to look at them."""

    __slots__ = ("_body", "_values")

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._values: Mapping[str, Any] | None = None

    def __getitem__(self, name: str) -> Any:
        return self._decoded()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._decoded())

    def __len__(self) -> int:
        return len(self._decoded())

    def _decoded(self) -> Mapping[str, Any]:
        if self._values is None:
            self._values = msgspec.json.decode(self._body).get("variables", {})
        return self._values
