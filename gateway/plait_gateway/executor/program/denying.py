"""The errors of fields that the client may not see: one at each place where an object has such a field."""

from collections.abc import Callable
from typing import Any, TypeAlias

from plait_gateway.errors import ResponseError, ResponsePath
from plait_gateway.executor.denied_field import denied_field
from plait_gateway.executor.found_errors import FoundErrors
from plait_gateway.executor.program.position import Position, Slot
from plait_gateway.executor.program.structs import Structs

_Visit: TypeAlias = Callable[[Any, ResponsePath, FoundErrors], None]


def telling_denied(root: Position, structs: Structs) -> Callable[[Any], tuple[ResponseError, ...]] | None:
    """A function of a response that gives these errors, in its order; None where there are none."""
    visit = _Telling(structs).objects_at(root)
    if visit is None:
        return None

    def tell(response: Any) -> tuple[ResponseError, ...]:
        found = FoundErrors()
        visit(response, (), found)
        return tuple(found.all())

    return tell


class _Telling:
    def __init__(self, structs: Structs) -> None:
        self._structs = structs

    def objects_at(self, position: Position) -> _Visit | None:
        """Visits an object at a position; None where no field at or below it is denied."""
        visits = [visit for slot in position.slots.values() if (visit := self._field(slot)) is not None]
        if not visits:
            return None

        def visit_object(one: Any, path: ResponsePath, found: FoundErrors) -> None:
            for visit in visits:
                visit(one, path, found)

        return visit_object

    def _field(self, slot: Slot) -> _Visit | None:
        key, attribute = slot.key, slot.attribute
        if (coordinate := slot.denied) is not None:
            return lambda _, path, found: found.add(denied_field(coordinate, (*path, key)))
        below = [(one, visit) for one in slot.variants if (visit := self.objects_at(one)) is not None]
        if not below:
            return None
        visits = {kind: visit for one, visit in below for kind in self._structs.kinds(one)}

        def visit_value(value: Any, path: ResponsePath, found: FoundErrors) -> None:
            if isinstance(value, list):
                for index, item in enumerate(value):
                    visit_value(item, (*path, index), found)
            elif (visit := visits.get(type(value))) is not None:  # not null, nor of another type
                visit(value, path, found)

        return lambda one, path, found: visit_value(getattr(one, attribute), (*path, key), found)
