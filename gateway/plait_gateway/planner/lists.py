"""The steps of a path through the lists of a field's type."""

from graphql import is_list_type, is_non_null_type

from plait_gateway.query_plan.nodes import Each
from plait_schema.query_graph import QueryGraph, Selection


def list_steps(graph: QueryGraph, selection: Selection) -> tuple[Each, ...]:
    """A step for every list that the selected field's type is made of."""
    parent = graph.schema.type_map[min(selection.types)]
    field_type = parent.fields[selection.field].type  # type: ignore[attr-defined]  # an object type
    steps: list[Each] = []
    while is_list_type(field_type) or is_non_null_type(field_type):
        steps += [Each()] if is_list_type(field_type) else []
        field_type = field_type.of_type
    return tuple(steps)
