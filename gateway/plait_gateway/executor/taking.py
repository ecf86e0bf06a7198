"""What one fetch's answer leaves in the response tree, and in the errors."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import OperationType, is_object_type

from plait_gateway.errors import (
    DOWNSTREAM_SERVICE_ERROR,
    SUBGRAPH_INVALID_RESPONSE,
    ResponseError,
    ResponsePath,
)
from plait_gateway.executor.answer import Failure, SubgraphError
from plait_gateway.executor.reading import Reading, leave_null
from plait_gateway.executor.request import Request
from plait_gateway.executor.response_tree import TYPENAME, Merge, Null, Place
from plait_gateway.executor.shape import FetchShape, shape_of
from plait_gateway.query_plan import Fetch


@dataclass(frozen=True, slots=True)
class Taking:
    """Takes the answer to a fetch, whose shape follows from the client's variables."""

    fetch: Fetch
    shape: FetchShape
    request: Request

    @classmethod
    def of(cls, fetch: Fetch, request: Request) -> "Taking":
        return cls(fetch, shape_of(fetch, request.variables, request.schema), request)

    def merge(
        self,
        data: Mapping[str, Any],
        place: Place,
        *,
        at: ResponsePath,
        explained: frozenset[ResponsePath],
        typename: str | None,
    ) -> None:
        """Merge an object of the answer, which stands `at` a path of it, into a place."""
        schema = self.request.schema
        reading = Reading(self.fetch.subgraph, schema, explained, self.request.errors)
        brought = reading.object(data, self.shape.fields, at=at, path=place.path, typename=typename)
        Merge(lambda name: is_object_type(schema.get_type(name)), self._conflict).into(place, brought)

    def fail(self, failure: Failure, places: Sequence[Place]) -> None:
        """One error wherever the answer is missed, and nulls that need no other."""
        for path in self.where(places):
            error = failure.code.at(
                path, failure.message, subgraph=self.fetch.subgraph, extensions=failure.extensions
            )
            self.request.errors.add(error)
        self.leave_null(places, Null.ERRORED)

    def leave_null(self, places: Iterable[Place], null: Null | None, because_of: str | None = None) -> None:
        """Leave null where the answer would have brought something; perhaps because of another subgraph."""
        for place in places:
            leave_null(
                place.object,
                self.shape.fields,
                null,
                typename=self.type_of(place),
                subgraph=because_of or self.fetch.subgraph,
            )

    def type_of(self, place: Place) -> str | None:
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

    def report(self, error: SubgraphError, path: ResponsePath) -> None:
        """Add an error of the subgraph's."""
        extensions = {**error.extensions, "serviceName": self.fetch.subgraph}
        if not isinstance(extensions.get("code"), str):
            extensions["code"] = DOWNSTREAM_SERVICE_ERROR.name
        self.request.errors.add(
            ResponseError(error.message, path, extensions=extensions, reported_by=self.fetch.subgraph)
        )

    def report_everywhere(self, error: SubgraphError, places: Sequence[Place], *, has_data: bool) -> None:
        """Add an error of the subgraph's that names none of the places.

        It is told once if something stands above all of them, or if it may be about none: there is data.
        """
        above_all = _common_path(places)
        paths = self.where(places)
        for path in [above_all] if len(paths) > 1 and (above_all or has_data) else paths:
            self.report(error, path)

    def path(self, place: Place, path: ResponsePath) -> ResponsePath:
        """A path of the answer, from the fetch's place, as a path of the response."""
        return (*place.path, *self.shape.in_tree(path))

    def where(self, places: Sequence[Place]) -> list[ResponsePath]:
        """Where to report what is wrong with a whole answer.

        That is at each root field, or above all entities that one path of the plan leads to.
        """
        if self.fetch.representations:
            return [_common_path(alike) for alike in _by_keys(places)]
        keys = [asked.response_key for asked in self.shape.fields.values()]
        return [(*place.path, key) for place in places for key in keys if key != TYPENAME or len(keys) == 1]

    def _conflict(self, path: ResponsePath) -> None:
        message = "The subgraph answered a list of another length than the one that is here already"
        self.request.errors.add(SUBGRAPH_INVALID_RESPONSE.at(path, message, subgraph=self.fetch.subgraph))


def explained(errors: Iterable[SubgraphError]) -> frozenset[ResponsePath]:
    """The paths of an answer at which, or below which, the subgraph reports errors itself."""
    paths = [error.path for error in errors if error.path is not None]
    return frozenset(path[:length] for path in paths for length in range(1, len(path) + 1))


def _by_keys(places: Iterable[Place]) -> list[list[Place]]:
    """Places apart by the keys on the way there: one fetch may be for several paths of the plan."""
    found: dict[tuple[str, ...], list[Place]] = {}
    for place in places:
        keys = tuple(step for step in place.path if isinstance(step, str))
        found.setdefault(keys, []).append(place)
    return list(found.values())


def _common_path(places: Sequence[Place]) -> ResponsePath:
    """What the paths of all places begin with."""
    first = places[0].path
    same = next(
        length
        for length in range(len(first), -1, -1)
        if all(place.path[:length] == first[:length] for place in places)
    )
    return first[:same]
