from collections.abc import Iterator

from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import MergedObject
from plait_schema.diagnostics import NO_QUERIES, Diagnostic


def queries(merged: MergedSchema) -> Iterator[Diagnostic]:
    """The supergraph needs a query root with a field: GraphQL has no schema without one."""
    query = merged.types.get("Query")
    if not isinstance(query, MergedObject) or not query.fields:
        yield NO_QUERIES.at(
            None,
            "No subgraph has a query.",
            subgraphs=[subgraph.name for subgraph in merged.subgraphs],
            fix="Add a field to type Query in one of the subgraphs.",
        )
