"""The response tree: what all fetches have brought so far, under response keys."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, TypeAlias

from plait_gateway.errors import ResponsePath
from plait_gateway.query_plan import Each, Key, On, PathElement

TYPENAME: Final = "__typename"


class Null(Enum):
    """A null that an error in the response explains already."""

    ERRORED = "errored"


class Items(list[Any]):
    """A list of objects, as opposed to a list that is the value of a leaf."""


@dataclass(slots=True)
class ResponseObject:
    """An object under construction, and which subgraph each of its fields came from."""

    fields: dict[str, "TreeValue"] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)

    @property
    def typename(self) -> str | None:
        name = self.fields.get(TYPENAME)
        return name if isinstance(name, str) else None

    def put(self, key: str, value: "TreeValue", subgraph: str) -> None:
        self.fields[key] = value
        self.sources[key] = subgraph


TreeValue: TypeAlias = Any  # ResponseObject, Items of them, Null, None, or the JSON value of a leaf


@dataclass(frozen=True, slots=True)
class Place:
    """An object of the tree, the response path that leads to it, and the objects on the way from the root."""

    path: ResponsePath
    object: ResponseObject
    above: tuple[ResponseObject, ...] = ()


def places_under(place: Place, path: tuple[PathElement, ...]) -> Iterator[Place]:
    """The objects that a plan's path leads to, in the order of the response; nulls lead nowhere."""
    return _walk(place.path, place.object, place.above, path)


def _walk(
    path: ResponsePath, value: TreeValue, above: tuple[ResponseObject, ...], rest: tuple[PathElement, ...]
) -> Iterator[Place]:
    match value, rest:
        case ResponseObject(), ():
            yield Place(path, value, above)
        case ResponseObject(), (Key(name), *_):
            yield from _walk((*path, name), value.fields.get(name), (*above, value), rest[1:])
        case ResponseObject(), (On(types), *_) if value.typename in types:
            yield from _walk(path, value, above, rest[1:])
        case Items(), (Each(), *_):
            for index, item in enumerate(value):
                yield from _walk((*path, index), item, above, rest[1:])


@dataclass(frozen=True, slots=True)
class Merge:
    """Merges an answer into the tree.

    What is there stays, and null gives way to anything: answers for the same place bring parts of the same
    object. `on_conflict` hears the path of two lists that cannot be parts of the same list.
    """

    is_object_type: Callable[[str], bool]
    on_conflict: Callable[[ResponsePath], None]

    def into(self, place: Place, brought: ResponseObject) -> None:
        target = place.object
        for key, value in brought.fields.items():
            if key == TYPENAME:
                merged = self._typename(target.fields.get(key), value)
            else:
                merged = self._value((*place.path, key), target.fields.get(key), value)
            if key not in target.fields or merged is not target.fields[key]:
                target.put(key, merged, brought.sources[key])

    def _typename(self, there: TreeValue, brought: TreeValue) -> TreeValue:
        if isinstance(there, str) and (self.is_object_type(there) or not isinstance(brought, str)):
            return there
        return brought

    def _value(self, path: ResponsePath, there: TreeValue, brought: TreeValue) -> TreeValue:
        match there, brought:
            case (None, _):
                return brought
            case (_, None | Null.ERRORED):
                return there
            case (Null.ERRORED, _):
                return brought
            case ResponseObject(), ResponseObject():
                self.into(Place(path, there), brought)
            case Items(), Items() if len(there) == len(brought):
                for index, item in enumerate(brought):
                    there[index] = self._value((*path, index), there[index], item)
            case Items(), Items():
                self.on_conflict(path)
        return there
