from collections.abc import Iterator

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.rules.visibility import is_hidden
from plait_schema.diagnostics import QUERY_ROOT_TYPE_INACCESSIBLE, Diagnostic


def inaccessible_roots(merged: MergedSchema) -> Iterator[Diagnostic]:
    """The query root must be visible: GraphQL has no schema without one.

    https://specs.apollo.dev/inaccessible/v0.2
    """
    query = merged.types.get("Query")
    if query is not None and is_hidden(query):
        yield QUERY_ROOT_TYPE_INACCESSIBLE.at(
            query.name,
            "The query root type is @inaccessible, so clients could not ask anything.",
            locations=places(query.declared),
            fix="Hide single fields instead.",
        )
