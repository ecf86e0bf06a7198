from collections.abc import Iterator

from graphql import GraphQLError, build_ast_schema, parse, validate_schema

from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.sdl import print_supergraph
from plait_schema.diagnostics import INVALID_GRAPHQL, Diagnostic


def validity(merged: MergedSchema) -> Iterator[Diagnostic]:
    """The supergraph must be valid GraphQL, which subgraphs that are valid do not make sure of.

    A default value may set an input field that another subgraph lacks, for instance, or a type miss an
    argument that an interface has elsewhere. https://spec.graphql.org/draft/#sec-Type-System
    """
    for error in _errors(print_supergraph(merged)):
        yield INVALID_GRAPHQL.at(
            None,
            f"The subgraphs together are not valid GraphQL: {error.message}",
            subgraphs=[subgraph.name for subgraph in merged.subgraphs],
        )


def _errors(supergraph: str) -> list[GraphQLError]:
    try:
        return validate_schema(build_ast_schema(parse(supergraph), assume_valid_sdl=True))
    except GraphQLError as error:
        return [error]
