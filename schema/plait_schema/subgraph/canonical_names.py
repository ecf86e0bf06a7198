"""Federation's directives under federation's names, and its definitions gone."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    NameNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    Visitor,
    specified_directives,
    specified_scalar_types,
    visit,
)

from plait_schema.federation.names import Vocabulary

_STANDARD_DIRECTIVES = frozenset(directive.name for directive in specified_directives)


def with_canonical_names(document: DocumentNode, vocabulary: Vocabulary) -> DocumentNode:
    """The document without definitions of specifications, and with their directives under their own names.

    An own directive that happens to have such a name is dropped: nothing but documentation is lost.
    """
    kept = tuple(node for node in document.definitions if not _is_given(node, vocabulary))
    renamed: DocumentNode = visit(replace(document, definitions=kept), _Renaming(vocabulary.canonical))
    return renamed


def _is_given(node: DefinitionNode, vocabulary: Vocabulary) -> bool:
    match node:
        case DirectiveDefinitionNode(name=name):
            return (
                name.value in _STANDARD_DIRECTIVES
                or name.value in vocabulary.directives
                or name.value in vocabulary.canonical.values()
            )
        case TypeDefinitionNode(name=name) | TypeExtensionNode(name=name):
            return name.value in specified_scalar_types or name.value in vocabulary.types
        case _:
            return False


class _Renaming(Visitor):
    def __init__(self, canonical: Mapping[str, str]) -> None:
        super().__init__()
        self.canonical = canonical
        self.taken = frozenset(canonical.values())

    def enter_directive(self, node: DirectiveNode, *_: object) -> Any:
        local = node.name.value
        name = self.canonical.get(local)
        if name is None:
            return self.REMOVE if local in self.taken else None
        if name == local:
            return self.SKIP
        return replace(node, name=NameNode(value=name, loc=node.name.loc))
