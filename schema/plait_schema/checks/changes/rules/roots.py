"""The kinds of operation that a schema has."""

from collections.abc import Iterator

from plait_schema.checks.changes.change import Change
from plait_schema.checks.changes.comparison import Comparison
from plait_schema.diagnostics import ROOT_TYPE_ADDED, ROOT_TYPE_CHANGED, ROOT_TYPE_REMOVED


def roots(compared: Comparison) -> Iterator[Change]:
    """Operations of a kind need its root type, and fragments name it."""
    before, after = compared.before.roots, compared.after.roots
    for kind in sorted(before.keys() | after.keys()):
        old, new = before.get(kind), after.get(kind)
        if old is None and new is not None:
            message = f"There are {_plural(kind)} now."
            yield compared.change(ROOT_TYPE_ADDED, new, message, after=kind, reached_by=before.get("query"))
        elif new is None and old is not None:
            message = f"There are no {_plural(kind)} any more."
            yield compared.change(ROOT_TYPE_REMOVED, old, message, before=kind)
        elif old is not None and old != new:
            message = f"The root of {_plural(kind)} was {old} and is {new}."
            yield compared.change(ROOT_TYPE_CHANGED, old, message, before=old, after=new)


def _plural(kind: str) -> str:
    return "queries" if kind == "query" else f"{kind}s"
