"""The text of a subgraph as a syntax tree."""

import re

from graphql import DocumentNode, GraphQLError, TypeExtensionNode, TypeSystemDefinitionNode
from graphql.language import SchemaExtensionNode

from plait_schema.diagnostics import INVALID_GRAPHQL, Diagnostic, Location
from plait_schema.federation.parsing import parse_document
from plait_schema.subgraph.limits import too_large
from plait_schema.subgraph.model import SubgraphSource
from plait_schema.subgraph.syntax_mending import how_to_mend

_COMMENT = re.compile(r"#[^\r\n]*")


def parse_sdl(source: SubgraphSource) -> DocumentNode | tuple[Diagnostic, ...]:
    """The document, which holds nothing but type system definitions and extensions."""
    if problems := too_large(source):
        return problems
    if not _COMMENT.sub("", source.sdl).strip("\ufeff \t\r\n,"):
        fix = "Check the file or the server that the schema comes from."
        return (INVALID_GRAPHQL.at(None, "The schema is empty.", subgraphs=[source.name], fix=fix),)
    try:
        document = parse_document(source.sdl, name=source.file or source.name)
    except GraphQLError as error:
        places = [Location(source.name, source.file, at.line, at.column) for at in error.locations or ()]
        text, position = source.sdl.removeprefix("\ufeff"), next(iter(error.positions or ()), None)
        mend = None if position is None else how_to_mend(text, position)
        return (INVALID_GRAPHQL.at(None, error.message, subgraphs=[source.name], locations=places, fix=mend),)
    message = "A schema holds definitions of types and directives, no operations and fragments."
    return (
        tuple(
            INVALID_GRAPHQL.at(None, message, locations=source.locate(node), fix="Take it out of the schema.")
            for node in document.definitions
            if not isinstance(node, TypeSystemDefinitionNode | TypeExtensionNode | SchemaExtensionNode)
        )
        or document
    )
