"""What a client has selected of a field: for resolvers that read all of it at once, from one state."""

from collections.abc import Iterator, Sequence
from typing import Any

import strawberry
from strawberry.types.nodes import SelectedField, Selection


def selected_fields(info: strawberry.Info[Any, Any]) -> Iterator[SelectedField]:
    """The fields selected of the field that is resolved, those in fragments among them.

    Whether `@skip` leaves one out, or a fragment is of another type, is not asked: more may be read than is
    answered.
    """
    for field in info.selected_fields:
        yield from _fields(field.selections)


def _fields(selections: Sequence[Selection]) -> Iterator[SelectedField]:
    for selection in selections:
        match selection:
            case SelectedField():
                yield selection
            case _:
                yield from _fields(selection.selections)
