"""One fetch: ask a subgraph, judge its answer, merge it into the response tree."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from graphql import GraphQLSchema, OperationType, is_object_type

from plait_gateway.clients.coroutines import Ask
from plait_gateway.clients.send import SubgraphRequest, SubgraphResponse, SubgraphUnreachable
from plait_gateway.errors import (
    CODES,
    DOWNSTREAM_SERVICE_ERROR,
    SUBGRAPH_INVALID_RESPONSE,
    SUBGRAPH_UNREACHABLE,
    ResponseError,
    ResponsePath,
)
from plait_gateway.executor.answer import Answer, Failure, SubgraphError, read_answer
from plait_gateway.executor.conditions import are_related
from plait_gateway.executor.context import context_values
from plait_gateway.executor.found_errors import FoundErrors
from plait_gateway.executor.reading import Reading, leave_null
from plait_gateway.executor.representation import NotRepresentable, represent
from plait_gateway.executor.response_tree import TYPENAME, Merge, Null, Place
from plait_gateway.executor.shape import FetchShape, shape_of
from plait_gateway.query_plan import Fetch
from plait_gateway.query_plan.operations import ENTITIES

_LARGE = 128 * 1024  # bytes of answers that would keep other requests waiting: some 50 ms
_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


@dataclass(slots=True)
class Request:
    """What all fetches of one client request share, and what they leave behind."""

    schema: GraphQLSchema
    variables: Mapping[str, Any]
    headers: tuple[tuple[str, str], ...]
    send: Ask
    errors: FoundErrors = field(default_factory=FoundErrors)
    subgraph_requests: int = 0
    _received: int = 0  # bytes of answers
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ask(self, request: SubgraphRequest) -> SubgraphResponse | Failure:
        """The answer, unread, or why there is none."""
        self.subgraph_requests += 1
        try:
            response = await self.send(request)
        except SubgraphUnreachable as problem:
            return Failure(CODES.get(problem.code, SUBGRAPH_UNREACHABLE), problem.reason)
        self._received += len(response.body)
        return response

    async def work(
        self, function: Callable[_Given, _Result], *arguments: _Given.args, **named: _Given.kwargs
    ) -> _Result:
        """Run what reads an answer, or the response tree: in a thread once the answers are large.

        One such function runs at a time: the fetches share the tree.
        """
        async with self._turn:
            if self._received < _LARGE:
                return function(*arguments, **named)
            return await asyncio.to_thread(function, *arguments, **named)


async def run_fetch(fetch: Fetch, places: Sequence[Place], request: Request) -> None:
    """Ask for what a fetch brings to the places, and merge it there; for some variables that is nothing."""
    running = _Running(fetch, shape_of(fetch, request.variables, request.schema), request)
    if not running.shape.fields:
        return
    if fetch.representations:
        await running.entities(places)
    elif places:
        await running.root_fields(places)


@dataclass(frozen=True, slots=True)
class _Group:
    """The places at which one entity stands."""

    representation: Mapping[str, Any]
    places: list[Place]


@dataclass(frozen=True, slots=True)
class _Batch:
    """What one request asks: entities by the text of their representation, with equal contextual values."""

    values: Mapping[str, Any]
    groups: dict[str, _Group]


@dataclass(frozen=True, slots=True)
class _Running:
    fetch: Fetch
    shape: FetchShape
    request: Request

    async def root_fields(self, places: Sequence[Place]) -> None:
        response = await self._ask({})
        await self.request.work(self._take_root_fields, response, places)

    def _take_root_fields(self, response: SubgraphResponse | Failure, places: Sequence[Place]) -> None:
        match read_answer(response) if isinstance(response, SubgraphResponse) else response:
            case Failure() as failure:
                self._fail(failure, places)
            case Answer(data, errors):
                for error in errors:
                    self._report_root_error(error, places)
                if data is None:
                    self._leave_null(places, Null.ERRORED)
                    return
                for place in places:
                    self._merge(
                        data, place, at=(), explained=_explained(errors), typename=self._type_of(place)
                    )

    async def entities(self, places: Sequence[Place]) -> None:
        """Ask for the objects, those with different values from contexts in requests of their own."""
        batches = await self.request.work(self._batches, places)
        if len(batches) == 1:  # almost always: no task is needed
            await self._ask_batch(batches[0])
            return
        async with asyncio.TaskGroup() as tasks:
            for batch in batches:
                tasks.create_task(self._ask_batch(batch))

    async def _ask_batch(self, batch: _Batch) -> None:
        sent = [group.representation for group in batch.groups.values()]
        response = await self._ask({**batch.values, self.fetch.representations_variable: sent})
        await self.request.work(self._take_entities, response, list(batch.groups.values()))

    def _take_entities(self, response: SubgraphResponse | Failure, groups: list[_Group]) -> None:
        asked = tuple(place for group in groups for place in group.places)
        match read_answer(response) if isinstance(response, SubgraphResponse) else response:
            case Failure() as failure:
                self._fail(failure, asked)
            case Answer(data, errors):
                for error in errors:
                    self._report_entity_error(error, groups)
                self._merge_entities(data, errors, groups, asked)

    def _batches(self, places: Sequence[Place]) -> list[_Batch]:
        """The objects that can be represented: each representation once, in the order of the response."""
        batches: dict[str, _Batch] = {}
        for place in places:
            try:
                representation = represent(place.object, self.fetch.representations, self.request.schema)
                values = context_values(place, self.fetch.contexts)
            except NotRepresentable as reason:
                if reason.null is Null.ERRORED:
                    self._leave_null((place,), Null.ERRORED)
            else:
                batch = batches.setdefault(json.dumps(values, sort_keys=True), _Batch(values, {}))
                text = json.dumps(representation, sort_keys=True)
                batch.groups.setdefault(text, _Group(representation, [])).places.append(place)
        return list(batches.values())

    async def _ask(self, own_variables: Mapping[str, Any]) -> SubgraphResponse | Failure:
        given = self.request.variables
        return await self.request.ask(
            SubgraphRequest(
                self.fetch.subgraph,
                self.fetch.operation,
                {**{name: given[name] for name in self.fetch.variables if name in given}, **own_variables},
                headers=self.request.headers,
                idempotent=self.fetch.kind != "mutation",
            )
        )

    def _merge_entities(
        self,
        data: Mapping[str, Any] | None,
        errors: tuple[SubgraphError, ...],
        groups: list[_Group],
        asked: Sequence[Place],
    ) -> None:
        entities = None if data is None else data.get(ENTITIES)
        if entities is None and errors:
            self._leave_null(asked, Null.ERRORED)
        elif not isinstance(entities, list) or len(entities) != len(groups):
            found = f"{len(entities)} entities" if isinstance(entities, list) else "no list of entities"
            message = f"The subgraph answered {found} for {len(groups)} representations"
            self._fail(Failure(SUBGRAPH_INVALID_RESPONSE, message), asked)
        else:
            explained = _explained(errors)
            for index, (group, entity) in enumerate(zip(groups, entities, strict=True)):
                self._merge_entity(entity, group, (ENTITIES, index), explained)

    def _merge_entity(
        self, entity: Any, group: _Group, at: ResponsePath, explained: frozenset[ResponsePath]
    ) -> None:
        match entity:
            case None:
                self._leave_null(group.places, Null.ERRORED if at in explained else None)
            case dict():
                for place in group.places:
                    expected = place.object.typename or group.representation[TYPENAME]
                    if self._is_of_type(entity, expected):
                        self._merge(entity, place, at=at, explained=explained, typename=expected)
                    else:
                        message = "The subgraph answered an entity of another type than it was asked for"
                        self._fail(Failure(SUBGRAPH_INVALID_RESPONSE, message), (place,))
            case _:
                message = "The subgraph answered an entity that is not an object"
                self._fail(Failure(SUBGRAPH_INVALID_RESPONSE, message), group.places)

    def _is_of_type(self, entity: Mapping[str, Any], expected: str) -> bool:
        """Whether the type that an entity says it is of, if any, may be that of the object expected."""
        if TYPENAME not in entity:
            return True
        told = entity[TYPENAME]
        return isinstance(told, str) and are_related(self.request.schema, told, expected)

    def _merge(
        self,
        data: Mapping[str, Any],
        place: Place,
        *,
        at: ResponsePath,
        explained: frozenset[ResponsePath],
        typename: str | None,
    ) -> None:
        schema = self.request.schema
        reading = Reading(self.fetch.subgraph, schema, explained, self.request.errors)
        brought = reading.object(data, self.shape.fields, at=at, path=place.path, typename=typename)
        Merge(lambda name: is_object_type(schema.get_type(name)), self._conflict).into(place, brought)

    def _conflict(self, path: ResponsePath) -> None:
        message = "The subgraph answered a list of another length than the one that is here already"
        self.request.errors.add(SUBGRAPH_INVALID_RESPONSE.at(path, message, subgraph=self.fetch.subgraph))

    def _fail(self, failure: Failure, places: Sequence[Place]) -> None:
        """One error for all places, and nulls that need no other."""
        error = failure.code.at(
            self._common_path(places),
            failure.message,
            subgraph=self.fetch.subgraph,
            extensions=failure.extensions,
        )
        self.request.errors.add(error)
        self._leave_null(places, Null.ERRORED)

    def _leave_null(self, places: Sequence[Place], null: Null | None) -> None:
        for place in places:
            leave_null(
                place.object,
                self.shape.fields,
                null,
                typename=self._type_of(place),
                subgraph=self.fetch.subgraph,
            )

    def _type_of(self, place: Place) -> str | None:
        """The type of the object at a place; plans ask for it only where the schema does not tell."""
        if place.object.typename is not None:
            return place.object.typename
        match self.fetch.representations:
            case ():
                root = self.request.schema.get_root_type(OperationType(self.fetch.kind))
                return root.name if root else None
            case (only,):
                return only.on
            case _:
                return None

    def _report_root_error(self, error: SubgraphError, places: Sequence[Place]) -> None:
        if error.path is None:
            self._report(error, self._common_path(places))
            return
        for place in places:
            self._report(error, self._path(place, error.path))

    def _report_entity_error(self, error: SubgraphError, groups: list[_Group]) -> None:
        match error.path:
            case (str(root), int(index), *rest) if root == ENTITIES and 0 <= index < len(groups):
                for place in groups[index].places:
                    self._report(error, self._path(place, tuple(rest)))
            case _:
                self._report(error, self._common_path([place for group in groups for place in group.places]))

    def _report(self, error: SubgraphError, path: ResponsePath) -> None:
        extensions = {**error.extensions, "serviceName": self.fetch.subgraph}
        if not isinstance(extensions.get("code"), str):
            extensions["code"] = DOWNSTREAM_SERVICE_ERROR.name
        self.request.errors.add(
            ResponseError(error.message, path, extensions=extensions, reported_by=self.fetch.subgraph)
        )

    def _path(self, place: Place, path: ResponsePath) -> ResponsePath:
        return (*place.path, *self.shape.in_tree(path))

    def _common_path(self, places: Sequence[Place]) -> ResponsePath:
        """What the paths of all places begin with; a fetch of one field fails at that field."""
        first = places[0].path
        same = next(
            length
            for length in range(len(first), -1, -1)
            if all(place.path[:length] == first[:length] for place in places)
        )
        keys = tuple(asked.response_key for asked in self.shape.fields.values())
        only_key = keys if len(keys) == 1 and not self.fetch.representations else ()
        return (*first[:same], *only_key)


def _explained(errors: tuple[SubgraphError, ...]) -> frozenset[ResponsePath]:
    paths = [error.path for error in errors if error.path is not None]
    return frozenset(path[:length] for path in paths for length in range(1, len(path) + 1))
