"""`@shareable` and `@external` on a type speak of the fields of that very declaration."""

from collections.abc import Mapping
from dataclasses import replace

from graphql import (
    ConstDirectiveNode,
    DefinitionNode,
    DocumentNode,
    FieldDefinitionNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
)

from plait_schema.federation import is_applied, without

_OF_FIELDS = ("external", "shareable")


def with_directives_pushed_down(document: DocumentNode, *, external: bool) -> DocumentNode:
    """The document with `@shareable` and `@external` on fields only. Extensions must not be merged yet.

    `external` is false for Federation 1, where `@external` on a type says nothing.
    """
    return replace(document, definitions=tuple(_pushed_down(node, external) for node in document.definitions))


def _pushed_down(node: DefinitionNode, external: bool) -> DefinitionNode:
    if not isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode):
        return node
    given = {
        directive.name.value: directive
        for directive in node.directives or ()
        if directive.name.value in _OF_FIELDS
    }
    if not external:
        given.pop("external", None)
    fields = tuple(_with_directives(field, given) for field in node.fields or ())
    return without(replace(node, fields=fields), *_OF_FIELDS)


def _with_directives(
    field: FieldDefinitionNode, given: Mapping[str, ConstDirectiveNode]
) -> FieldDefinitionNode:
    added = [directive for name, directive in given.items() if not is_applied(field, name)]
    return replace(field, directives=(*(field.directives or ()), *added))
