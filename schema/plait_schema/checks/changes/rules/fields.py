"""Fields of object types and interfaces."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import get_named_type, is_abstract_type, is_leaf_type

from plait_schema.checks.changes.change import Change
from plait_schema.checks.changes.comparison import Comparison
from plait_schema.checks.changes.reach import reachable_from
from plait_schema.checks.changes.variance import promises
from plait_schema.diagnostics import (
    FIELD_ADDED,
    FIELD_CHANGED_TYPE,
    FIELD_REMOVED,
    FIELD_TYPE_NARROWED,
    FIELD_TYPE_NARROWED_BESIDE_OTHERS,
)


def fields(compared: Comparison) -> Iterator[Change]:
    """Fields that came and went, and fields whose type promises more, less or something else."""
    for name, old, new in compared.types:
        if not hasattr(old, "interfaces"):
            continue
        for field in sorted(old.fields.keys() - new.fields.keys()):
            yield compared.change(FIELD_REMOVED, f"{name}.{field}", f"The field {name}.{field} was removed.")
        for field in sorted(new.fields.keys() - old.fields.keys()):
            message = f"The field {name}.{field} was added."
            yield compared.change(FIELD_ADDED, f"{name}.{field}", message, touches=())
    places: tuple[_Place, ...] | None = None
    for coordinate, old, new in compared.fields:
        before, after = str(old.type), str(new.type)
        if before == after:
            continue
        message = f"The field {coordinate} was {before} and is {after}."
        code = FIELD_CHANGED_TYPE
        if promises(new.type, old.type):
            places = _places(compared) if places is None else places
            owner = coordinate.partition(".")[0]
            stands_beside_others = any(place.has_others(owner, _shape(old.type)) for place in places)
            code = FIELD_TYPE_NARROWED_BESIDE_OTHERS if stands_beside_others else FIELD_TYPE_NARROWED
        yield compared.change(code, coordinate, message, before=before, after=after)


@dataclass(frozen=True, slots=True)
class _Place:
    """A selection on an abstract type: what fragments in it can select under the same response keys.

    Values under one response key must have the same shape, whichever fragment they come from (specification,
    section 5.3.2): an operation that puts a field that promises more beside one that does not is refused.
    """

    types: frozenset[str]
    owners: Mapping[str, frozenset[str]]  # shape -> the types that have such a field

    def has_others(self, owner: str, shape: str) -> bool:
        return owner in self.types and not self.owners.get(shape, frozenset()) <= {owner}


def _places(compared: Comparison) -> tuple[_Place, ...]:
    schema = compared.before.schema
    found: dict[frozenset[str], _Place] = {}
    for name in sorted(compared.reached_before.outputs):
        type_ = schema.type_map[name]
        if not is_abstract_type(type_) or len(schema.get_possible_types(type_)) < 2:
            continue
        together = reachable_from(schema, type_)
        types = frozenset(each.name for each in together)
        if types not in found:
            found[types] = _Place(types, _owners(together))
    return tuple(found.values())


def _owners(types: Iterable[Any]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for type_ in types:
        if hasattr(type_, "interfaces"):
            for field in type_.fields.values():
                found.setdefault(_shape(field.type), set()).add(type_.name)
    return {shape: frozenset(owners) for shape, owners in found.items()}


def _shape(type_: Any) -> str:
    """What must be the same under one response key: lists and null, and a leaf's type."""
    named = get_named_type(type_)
    return str(type_) if is_leaf_type(named) else str(type_).replace(named.name, "{}")
