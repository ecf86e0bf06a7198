"""Variables that the gateway fills from what stands above an object (`@fromContext`)."""

from collections.abc import Iterable
from typing import Any

from plait_gateway.executor.representation import NotRepresentable
from plait_gateway.executor.response_tree import Items, Null, Place, ResponseObject, TreeValue
from plait_gateway.query_plan import ContextRead, ContextVariable, Each, Key, On, PathElement


def context_values(place: Place, variables: Iterable[ContextVariable]) -> dict[str, Any]:
    """The value of each variable for the object at a place.

    Raises NotRepresentable when a value failed, or when one that is required is null.
    """
    values = {variable.name: _nearest(place, variable.reads) for variable in variables}
    if any(_failed(value) for value in values.values()):
        raise NotRepresentable(Null.ERRORED)
    if any(values[variable.name] is None for variable in variables if variable.required):
        raise NotRepresentable(None)
    return values


def _nearest(place: Place, reads: Iterable[ContextRead]) -> TreeValue:
    """What the reads from the nearest object that one is for find first."""
    nearest: int | None = None
    for read in reads:
        if nearest not in (None, read.up):
            break
        target = place.above[-read.up] if read.up else place.object
        path = read.path
        if path and isinstance(path[0], On):
            if target.typename not in path[0].types:
                continue
            path = path[1:]
        nearest = read.up
        if (found := _value(target, path)) is not None:
            return found
    return None


def _value(value: TreeValue, path: tuple[PathElement, ...]) -> TreeValue:
    match value, path:
        case _, ():
            return value
        case ResponseObject(), (Key(name), *_):
            return _value(value.fields.get(name), path[1:])
        case ResponseObject(), (On(types), *_) if value.typename in types:
            return _value(value, path[1:])
        case Items(), (Each(), *_):
            return [_value(item, path[1:]) for item in value]
        case Null.ERRORED, _:
            return value
        case _:
            return None


def _failed(value: TreeValue) -> bool:
    return value is Null.ERRORED or (isinstance(value, list) and any(map(_failed, value)))
