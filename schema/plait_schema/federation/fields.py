"""The fields of object and interface types in the syntax tree."""

from graphql import FieldDefinitionNode, InterfaceTypeDefinitionNode, Node, ObjectTypeDefinitionNode


def fields_of(node: Node | None) -> tuple[FieldDefinitionNode, ...]:
    """The fields of an object or interface type, none for every other type."""
    if isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
        return node.fields or ()
    return ()


def field_of(node: Node | None, name: str) -> FieldDefinitionNode | None:
    """The field of this name."""
    return next((field for field in fields_of(node) if field.name.value == name), None)
