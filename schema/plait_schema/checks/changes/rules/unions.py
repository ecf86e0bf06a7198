"""The members of unions."""

from collections.abc import Iterator

from graphql import is_union_type

from plait_schema.checks.changes.change import Change
from plait_schema.checks.changes.comparison import Comparison
from plait_schema.diagnostics import TYPE_ADDED_TO_UNION, TYPE_REMOVED_FROM_UNION


def members(compared: Comparison) -> Iterator[Change]:
    """Clients get a new member without having asked for it; fragments on an old one match nothing."""
    for name, old, new in compared.types:
        if not is_union_type(old):
            continue
        had, has = {each.name for each in old.types}, {each.name for each in new.types}
        for member in sorted(has - had):
            message = f"{member} is a new member of the union {name}."
            yield compared.change(TYPE_ADDED_TO_UNION, name, message, after=member)
        for member in sorted(had - has):
            yield compared.change(
                TYPE_REMOVED_FROM_UNION,
                name,
                f"{member} is no longer a member of the union {name}.",
                before=member,
                touches=(f"... on {member}", f"... on {name}"),
            )
