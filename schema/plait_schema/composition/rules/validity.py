from collections.abc import Iterator, Sequence

from graphql import DefinitionNode, DocumentNode, GraphQLError, build_ast_schema

from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import places
from plait_schema.composition.rules.composed_applications import composed_applications
from plait_schema.diagnostics import INVALID_GRAPHQL, Diagnostic
from plait_schema.federation.schema_rules import schema_errors
from plait_schema.subgraph.coordinates import Coordinates


def validity(merged: MergedSchema, definitions: Sequence[DefinitionNode]) -> Iterator[Diagnostic]:
    """The supergraph must be valid GraphQL, which subgraphs that are valid do not make sure of.

    A default value may set an input field that another subgraph lacks, for instance, or a type miss an
    argument that an interface has elsewhere. https://spec.graphql.org/draft/#sec-Type-System
    """
    document = DocumentNode(definitions=tuple(definitions))
    try:
        schema = build_ast_schema(document, assume_valid_sdl=True)
        errors = schema_errors(schema)
    except GraphQLError as unbuildable:
        errors = [unbuildable]
    if not errors:
        yield from composed_applications(merged, schema)
        return
    coordinates = Coordinates.of(document)
    declared = {element.coordinate: element.declared for element in merged.elements()}
    for error in errors:
        coordinate = coordinates.at(next(iter(error.positions))) if error.positions else None
        yield INVALID_GRAPHQL.at(
            coordinate,
            f"The subgraphs together are not valid GraphQL: {error.message}",
            subgraphs=[subgraph.name for subgraph in merged.subgraphs],
            locations=places(declared.get(coordinate or "", ())),
        )
