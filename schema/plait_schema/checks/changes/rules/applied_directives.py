"""Directives applied on elements: who may see them, and whatever else they say."""

from collections.abc import Iterable, Iterator
from typing import Final

from plait_schema.checks.changes.change import Change
from plait_schema.checks.changes.comparison import Comparison
from plait_schema.checks.changes.graph import name_of
from plait_schema.diagnostics import ACCESS_REQUIREMENT_CHANGED, APPLIED_DIRECTIVES_CHANGED

_ACCESS: Final = frozenset({"@authenticated", "@requiresScopes", "@policy"})
_COSTS: Final = frozenset({"@cost", "@listSize"})  # compared as what they mean, as keys and overrides are


def access_requirements(compared: Comparison) -> Iterator[Change]:
    """An operation stays valid, but other clients get its data than before: fewer, or more."""
    for coordinate, before, after in _applied(compared):
        old, new = (_told(text for text in applied if _name(text) in _ACCESS) for applied in (before, after))
        if old != new:
            message = f"{coordinate} asked for {old or 'nothing'} and asks for {new or 'nothing'}."
            yield compared.change(ACCESS_REQUIREMENT_CHANGED, coordinate, message, before=old, after=new)


def applied_directives(compared: Comparison) -> Iterator[Change]:
    """Clients see none of them."""
    for coordinate, before, after in _applied(compared):
        old, new = (
            _told(text for text in applied if _name(text) not in _ACCESS | _COSTS)
            for applied in (before, after)
        )
        if old != new:
            message = (
                f"On {name_of(coordinate)} were applied {old or 'no directives'}, and now {new or 'none'}."
            )
            yield compared.change(
                APPLIED_DIRECTIVES_CHANGED, coordinate, message, before=old, after=new, touches=()
            )


def _applied(compared: Comparison) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Elements that are in both and have different directives applied."""
    old, new = compared.before.applied, compared.after.applied
    for coordinate in sorted(old.keys() | new.keys()):
        if coordinate in compared.before.elements and coordinate in compared.after.elements:
            before, after = old.get(coordinate, ()), new.get(coordinate, ())
            if before != after:
                yield coordinate, before, after


def _told(applied: Iterable[str]) -> str:
    return " ".join(applied)


def _name(text: str) -> str:
    return text.partition("(")[0].replace("federation__", "")
