"""Which fields of a `@requires` or `@provides` lack `@external`."""

from collections.abc import Iterator

from graphql import SelectionSetNode

from plait_schema.federation import is_applied
from plait_schema.subgraph.model import Subgraph
from plait_schema.subgraph.rules.field_sets import Selected, selected_fields


def missing_external(selection_set: SelectionSetNode, parent: str, subgraph: Subgraph) -> Iterator[Selected]:
    """The leaves of a valid field set that are the subgraph's own, and so are all fields above them."""
    for selected in selected_fields(selection_set, parent, subgraph):
        if (
            selected.is_leaf
            and not selected.is_below_external
            and not is_applied(selected.definition, "external")
        ):
            yield selected


def mend(selected: Selected, label: str, *, external_if: str) -> str:
    """What to do about such a leaf of the directive `label`."""
    if selected.name == "__typename":
        return f"Leave __typename out of {label}: every subgraph resolves it."
    return f"Mark {selected.coordinate} as @external if {external_if}; else leave it out of {label}."
