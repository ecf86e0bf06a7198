"""`@shareable` is repeatable so that a type and each of its extensions can have it, not to say it twice."""

from collections.abc import Iterator

from graphql import DocumentNode, Node, ObjectTypeDefinitionNode, ObjectTypeExtensionNode

from plait_schema.diagnostics import INVALID_SHAREABLE_USAGE, Diagnostic
from plait_schema.federation import applied
from plait_schema.subgraph.model import SubgraphSource


def check_repeated_shareable(document: DocumentNode, source: SubgraphSource) -> Iterator[Diagnostic]:
    """No declaration and no field has `@shareable` twice. Extensions must not be merged yet."""
    for node in document.definitions:
        if isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode):
            yield from _repeated(node, node.name.value, source)
            for field in node.fields or ():
                yield from _repeated(field, f"{node.name.value}.{field.name.value}", source)


def _repeated(node: Node, coordinate: str, source: SubgraphSource) -> Iterator[Diagnostic]:
    shareable = applied(node, "shareable")
    if len(shareable) > 1:
        message = f"@shareable is applied {len(shareable)} times to the same declaration of {coordinate}."
        places = source.locate(*shareable)
        yield INVALID_SHAREABLE_USAGE.at(coordinate, message, locations=places, fix="Keep one of them.")
