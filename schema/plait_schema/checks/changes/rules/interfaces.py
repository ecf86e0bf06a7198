"""Who implements which interface."""

from collections.abc import Iterator

from plait_schema.checks.changes.change import Change
from plait_schema.checks.changes.comparison import Comparison
from plait_schema.diagnostics import IMPLEMENTED_INTERFACE_ADDED, IMPLEMENTED_INTERFACE_REMOVED


def implementations(compared: Comparison) -> Iterator[Change]:
    """A new implementation is one more type that clients of the interface get; a new type can be one, too.

    Without it, fragments on the one inside the other match nothing and are refused.
    """
    for name, new in compared.after.types.items():
        if not hasattr(new, "interfaces"):
            continue
        old = compared.before.types.get(name)
        if old is not None and type(old) is not type(new):
            continue
        had = {each.name for each in old.interfaces} if old is not None else set()
        has = {each.name for each in new.interfaces}
        for interface in sorted(has - had):
            yield compared.change(
                IMPLEMENTED_INTERFACE_ADDED,
                name,
                f"{name} implements the interface {interface} now.",
                after=interface,
                touches=(interface,),
                reached_by=interface,
            )
        for interface in sorted(had - has):
            yield compared.change(
                IMPLEMENTED_INTERFACE_REMOVED,
                name,
                f"{name} no longer implements the interface {interface}.",
                before=interface,
                touches=(f"... on {name}", f"... on {interface}"),
            )
