"""What a client must give."""

from graphql import InputValueDefinitionNode, NonNullTypeNode


def is_required(node: InputValueDefinitionNode) -> bool:
    """Non-null and without default value."""
    return isinstance(node.type, NonNullTypeNode) and node.default_value is None
