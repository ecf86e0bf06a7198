"""Extensions of types: promoted where nothing is extended, and merged into definitions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from graphql import (
    ConstDirectiveNode,
    DefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    InputObjectTypeDefinitionNode,
    InputObjectTypeExtensionNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    ScalarTypeDefinitionNode,
    ScalarTypeExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    UnionTypeDefinitionNode,
    UnionTypeExtensionNode,
)


def only_extended(document: DocumentNode) -> frozenset[str]:
    """The types that the document extends without defining them: another subgraph does."""
    extended = {node.name.value for node in document.definitions if isinstance(node, TypeExtensionNode)}
    defined = {node.name.value for node in document.definitions if isinstance(node, TypeDefinitionNode)}
    return frozenset(extended - defined)


def keys_of_extensions(document: DocumentNode) -> frozenset[int]:
    """Where the keys stand that the document gives to types by extending them."""
    return frozenset(
        directive.loc.start
        for node in document.definitions
        if isinstance(node, TypeExtensionNode)
        for directive in node.directives or ()
        if directive.name.value == "key" and directive.loc
    )


def extended_parts(
    types: Mapping[str, TypeDefinitionNode], extended: frozenset[str], keys: frozenset[int]
) -> Mapping[str, TypeDefinitionNode]:
    """The types that are `extended`, whole, and of others that have keys at these places, just these keys."""

    def is_of_extension(directive: ConstDirectiveNode) -> bool:
        return directive.loc is not None and directive.loc.start in keys

    return {
        name: node if name in extended else replace(node, directives=given)
        for name, node in types.items()
        if (given := tuple(filter(is_of_extension, node.directives or ()))) or name in extended
    }


def with_definitions_for_all(document: DocumentNode) -> DocumentNode:
    """The first extension of a type that is only extended becomes its definition, as plain GraphQL asks."""
    missing = set(only_extended(document))
    definitions: list[DefinitionNode] = []
    for node in document.definitions:
        if isinstance(node, TypeExtensionNode) and node.name.value in missing:
            missing.remove(node.name.value)
            definitions.append(_as_definition(node))
        else:
            definitions.append(node)
    return replace(document, definitions=tuple(definitions))


def merge_extensions(document: DocumentNode) -> Mapping[str, TypeDefinitionNode]:
    """Every type by name, sorted, with all that its extensions add. Every type must have a definition."""
    declared = {
        node.name.value: [node] for node in document.definitions if isinstance(node, TypeDefinitionNode)
    }
    for node in document.definitions:
        if isinstance(node, TypeExtensionNode):
            declared[node.name.value].append(_as_definition(node))
    return {name: _merged(declared[name]) for name in sorted(declared)}


def _as_definition(node: TypeExtensionNode) -> TypeDefinitionNode:
    name, directives, loc = node.name, node.directives or (), node.loc
    match node:
        case ScalarTypeExtensionNode():
            return ScalarTypeDefinitionNode(name=name, directives=directives, loc=loc)
        case ObjectTypeExtensionNode(fields=fields, interfaces=interfaces):
            return ObjectTypeDefinitionNode(
                name=name, directives=directives, loc=loc, fields=fields or (), interfaces=interfaces or ()
            )
        case InterfaceTypeExtensionNode(fields=fields, interfaces=interfaces):
            return InterfaceTypeDefinitionNode(
                name=name, directives=directives, loc=loc, fields=fields or (), interfaces=interfaces or ()
            )
        case UnionTypeExtensionNode(types=types):
            return UnionTypeDefinitionNode(name=name, directives=directives, loc=loc, types=types or ())
        case EnumTypeExtensionNode(values=values):
            return EnumTypeDefinitionNode(name=name, directives=directives, loc=loc, values=values or ())
        case InputObjectTypeExtensionNode(fields=inputs):
            return InputObjectTypeDefinitionNode(
                name=name, directives=directives, loc=loc, fields=inputs or ()
            )
        case _:
            raise TypeError(f"Not an extension: {node!r}")


def _merged(declared: Sequence[TypeDefinitionNode]) -> TypeDefinitionNode:
    """All declarations as one; a valid document extends a type by one of its own kind."""
    definition, *extensions = declared
    if not extensions:
        return definition
    parts = {
        name: tuple(part for node in declared for part in _part(node, name))
        for name in ("directives", "interfaces", "fields", "values", "types")
        if name in definition.keys
    }
    return replace(definition, **parts)  # type: ignore[arg-type]  # the names are those of the node's own parts


def _part(node: TypeDefinitionNode, name: str) -> Iterable[object]:
    return getattr(node, name) or ()
