"""Fetches of entities: represent objects, ask a subgraph for all of them, merge each where it belongs."""

import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from plait_gateway.clients.send import SubgraphRequest, SubgraphResponse
from plait_gateway.errors import SUBGRAPH_INVALID_RESPONSE, ResponsePath
from plait_gateway.executor.answer import Answer, Failure, SubgraphError
from plait_gateway.executor.conditions import are_related
from plait_gateway.executor.context import context_values
from plait_gateway.executor.representation import NotRepresentable, represent
from plait_gateway.executor.request import Request, read_outcome
from plait_gateway.executor.response_tree import TYPENAME, Null, Place
from plait_gateway.executor.taking import Taking, explained
from plait_gateway.query_plan import EntitiesField, EntitiesRequest, Fetch, request_of


async def run_entities(
    sent: EntitiesRequest, places: Mapping[Fetch, Sequence[Place]], request: Request
) -> None:
    """Ask for what the fetches of a request bring to their places, and merge it there.

    Objects with different values from contexts are asked in requests of their own. What no object is there
    for is not asked.
    """
    running = _Running(sent, [_Field(one, Taking.of(one.fetch, request)) for one in sent.fields], request)
    batches = await request.work(running.batches, places)
    if len(batches) == 1:  # almost always: no task is needed
        await running.ask(batches[0])
        return
    async with asyncio.TaskGroup() as tasks:
        for batch in batches:
            tasks.create_task(running.ask(batch))


@dataclass(frozen=True, slots=True)
class _Group:
    """The places at which one entity stands."""

    representation: Mapping[str, Any]
    places: list[Place]


@dataclass(frozen=True, slots=True)
class _Batch:
    """What one request asks with equal contextual values: for each field the entities, by their text."""

    values: Mapping[str, Any]
    groups: list[dict[str, _Group]]


@dataclass(frozen=True, slots=True)
class _Running:
    sent: EntitiesRequest
    fields: list["_Field"]
    request: Request

    def batches(self, places: Mapping[Fetch, Sequence[Place]]) -> list[_Batch]:
        """The objects that can be represented: each representation once, in the order of the response."""
        batches: dict[str, _Batch] = {}
        for number, field in enumerate(self.fields):
            for place, representation, values in field.represented(places.get(field.one.fetch, ())):
                key = json.dumps(values, sort_keys=True)
                batch = batches.setdefault(key, _Batch(values, [{} for _ in self.fields]))
                text = json.dumps(representation, sort_keys=True)
                batch.groups[number].setdefault(text, _Group(representation, [])).places.append(place)
        return list(batches.values())

    async def ask(self, batch: _Batch) -> None:
        representations = {
            field.one.variable: [group.representation for group in groups.values()]
            for field, groups in zip(self.fields, batch.groups, strict=True)
        }
        response = await self.request.ask(
            SubgraphRequest(
                self.sent.subgraph,
                self.sent.operation,
                {**self.request.given(self.sent.variables), **batch.values, **representations},
                headers=self.request.headers,
            )
        )
        if not await self.request.work(self._take, response, batch):
            await self._ask_each(batch)

    async def _ask_each(self, batch: _Batch) -> None:
        """Ask for each field alone, so that the one that fails takes nothing from the others."""
        async with asyncio.TaskGroup() as tasks:
            for field, groups in zip(self.fields, batch.groups, strict=True):
                if groups:
                    (alone,) = (sent := request_of((field.one.fetch,))).fields
                    running = _Running(sent, [replace(field, one=alone)], self.request)
                    tasks.create_task(running.ask(_Batch(batch.values, [groups])))

    def _take(self, response: SubgraphResponse | Failure, batch: _Batch) -> bool:
        """Merge the answer; False for one without data, for which a single field may be the reason."""
        asked = [
            (field, list(groups.values())) for field, groups in zip(self.fields, batch.groups, strict=True)
        ]
        asked = [(field, groups) for field, groups in asked if groups]
        match read_outcome(response):
            case Failure() as failure:
                for field, groups in asked:
                    field.taking.fail(failure, _places(groups))
            case Answer(data, errors):
                if data is None and len(asked) > 1:
                    return False
                keys = {field.one.response_key for field, _ in asked}
                everywhere = [error for error in errors if error.path is None or error.path[0] not in keys]
                for error in everywhere:
                    places = [place for _, groups in asked for place in _places(groups)]
                    asked[0][0].taking.report_everywhere(error, places, has_data=data is not None)
                for field, groups in asked:
                    key = field.one.response_key
                    own = [error for error in errors if error.path is not None and error.path[0] == key]
                    field.take(data, own, groups, is_explained=bool(own or everywhere))
        return True


@dataclass(frozen=True, slots=True)
class _Field:
    """One `_entities` field, and what takes its answer."""

    one: EntitiesField
    taking: Taking

    def represented(
        self, places: Iterable[Place]
    ) -> Iterator[tuple[Place, Mapping[str, Any], Mapping[str, Any]]]:
        """The objects that can be asked for: where they stand, their representation, values from contexts."""
        if not self.taking.shape.fields:
            return
        fetch = self.one.fetch
        for place in places:
            try:
                representation = represent(place.object, fetch.representations, self.taking.request.schema)
                values = context_values(place, fetch.contexts)
            except NotRepresentable as reason:
                if reason.null is Null.ERRORED:
                    self.taking.leave_null((place,), Null.ERRORED, reason.subgraph)
            else:
                yield place, representation, values

    def take(
        self,
        data: Mapping[str, Any] | None,
        errors: Sequence[SubgraphError],
        groups: Sequence[_Group],
        *,
        is_explained: bool,
    ) -> None:
        """Merge what the field was answered; `is_explained`: an error tells why it may be nothing."""
        key = self.one.response_key
        for error in errors:
            self._report(error, groups, has_data=data is not None)
        entities = None if data is None else data.get(key)
        if entities is None and is_explained:
            self.taking.leave_null(_places(groups), Null.ERRORED)
        elif not isinstance(entities, list) or len(entities) != len(groups):
            found = f"{len(entities)} entities" if isinstance(entities, list) else "no list of entities"
            message = f"The subgraph answered {found} for {len(groups)} representations"
            self.taking.fail(Failure(SUBGRAPH_INVALID_RESPONSE, message), _places(groups))
        else:
            paths = explained(errors)
            for index, (group, entity) in enumerate(zip(groups, entities, strict=True)):
                self._merge(entity, group, (key, index), paths)

    def _merge(
        self, entity: Any, group: _Group, at: ResponsePath, explained_paths: frozenset[ResponsePath]
    ) -> None:
        taking = self.taking
        match entity:
            case None:
                taking.leave_null(group.places, Null.ERRORED if at in explained_paths else None)
            case dict():
                for place in group.places:
                    expected = place.object.typename or group.representation[TYPENAME]
                    if self._is_of_type(entity, expected):
                        taking.merge(entity, place, at=at, explained=explained_paths, typename=expected)
                    else:
                        message = "The subgraph answered an entity of another type than it was asked for"
                        taking.fail(Failure(SUBGRAPH_INVALID_RESPONSE, message), (place,))
            case _:
                message = "The subgraph answered an entity that is not an object"
                taking.fail(Failure(SUBGRAPH_INVALID_RESPONSE, message), group.places)

    def _is_of_type(self, entity: Mapping[str, Any], expected: str) -> bool:
        """Whether the type that an entity says it is of, if any, may be that of the object expected."""
        if TYPENAME not in entity:
            return True
        told = entity[TYPENAME]
        return isinstance(told, str) and are_related(self.taking.request.schema, told, expected)

    def _report(self, error: SubgraphError, groups: Sequence[_Group], *, has_data: bool) -> None:
        match error.path:
            case (_, int(index), *rest) if 0 <= index < len(groups):
                for place in groups[index].places:
                    self.taking.report(error, self.taking.path(place, tuple(rest)))
            case _:
                self.taking.report_everywhere(error, _places(groups), has_data=has_data)


def _places(groups: Iterable[_Group]) -> list[Place]:
    return [place for group in groups for place in group.places]
