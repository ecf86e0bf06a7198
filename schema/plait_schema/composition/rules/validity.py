from collections.abc import Iterator, Sequence

from graphql import DefinitionNode, DocumentNode, GraphQLError, GraphQLSchema, build_ast_schema

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.rules.composed_applications import composed_applications
from plait_schema.diagnostics import INVALID_GRAPHQL, Diagnostic
from plait_schema.federation.schema_rules import schema_errors
from plait_schema.subgraph.coordinates import Coordinates
from plait_schema.supergraph import SupergraphDocument


def validity(merged: MergedSchema, document: SupergraphDocument) -> Iterator[Diagnostic]:
    """The supergraph must be valid GraphQL, which subgraphs that are valid do not make sure of.

    A default value may set an input field that another subgraph lacks, for instance, or a type miss an
    argument that an interface has elsewhere. https://spec.graphql.org/draft/#sec-Type-System
    """
    try:
        schema = _schema(merged, document)
        errors = schema_errors(schema)
    except GraphQLError as unbuildable:
        errors = [unbuildable]
    if not errors:
        yield from composed_applications(merged, schema)
        return
    declared = {element.coordinate: element.declared for element in merged.elements()}
    for error in errors:
        coordinate = _coordinate(error, document.definitions)
        yield INVALID_GRAPHQL.at(
            coordinate,
            f"The subgraphs together are not valid GraphQL: {error.message}",
            subgraphs=[subgraph.name for subgraph in merged.subgraphs],
            locations=places(declared.get(coordinate or "", ())),
        )


def _schema(merged: MergedSchema, document: SupergraphDocument) -> GraphQLSchema:
    """With the definitions of composed directives, if there are any; they belong to linked specifications."""
    if not any(directive.is_composed for directive in merged.directives):
        return document.schema
    return build_ast_schema(DocumentNode(definitions=document.definitions), assume_valid_sdl=True)


def _coordinate(error: GraphQLError, definitions: Sequence[DefinitionNode]) -> str | None:
    """Of the element that the error is about; definitions may stand in several texts."""
    if not error.positions:
        return None
    same = tuple(each for each in definitions if each.loc and each.loc.source is error.source)
    return Coordinates.of(DocumentNode(definitions=same)).at(next(iter(error.positions)))
