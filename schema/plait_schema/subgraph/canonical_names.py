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
    specified_scalar_types,
    visit,
)

from plait_schema.federation.directive_locations import executable_locations
from plait_schema.federation.names import Vocabulary
from plait_schema.federation.specifications import FEDERATION, known_specifications
from plait_schema.federation.versions import LATEST
from plait_schema.subgraph.composed_names import composed_names
from plait_schema.subgraph.definitions import STANDARD_DIRECTIVES
from plait_schema.subgraph.visiting import TO_DIRECTIVES

_FEDERATION_DIRECTIVES = frozenset(known_specifications()[FEDERATION].versions[LATEST].directives)


def with_canonical_names(document: DocumentNode, vocabulary: Vocabulary) -> DocumentNode:
    """The document without definitions of specifications, and with their directives under their own names.

    A type system directive of the subgraph's own that happens to have such a name would be mistaken for
    federation's, so it is dropped unless it is composed: nothing but documentation is lost.
    """
    mistakable = _FEDERATION_DIRECTIVES - composed_names(document, vocabulary)
    kept = tuple(node for node in document.definitions if not _is_given(node, vocabulary, mistakable))
    changed = replace(document, definitions=kept)
    renamed: DocumentNode = visit(changed, _Renaming(vocabulary.canonical, mistakable), TO_DIRECTIVES)
    return renamed


def _is_given(node: DefinitionNode, vocabulary: Vocabulary, mistakable: frozenset[str]) -> bool:
    match node:
        case DirectiveDefinitionNode(name=name, locations=locations):
            is_for_operations = len(executable_locations(node)) == len(locations)
            return (
                name.value in STANDARD_DIRECTIVES
                or name.value in vocabulary.directives
                or (name.value in mistakable and not is_for_operations)
            )
        case TypeDefinitionNode(name=name) | TypeExtensionNode(name=name):
            return name.value in specified_scalar_types or name.value in vocabulary.types
        case _:
            return False


class _Renaming(Visitor):
    def __init__(self, canonical: Mapping[str, str], mistakable: frozenset[str]) -> None:
        super().__init__()
        self.canonical = canonical
        self.mistakable = mistakable

    def enter_directive(self, node: DirectiveNode, *_: object) -> Any:
        local = node.name.value
        name = self.canonical.get(local)
        if name is None:
            return self.REMOVE if local in self.mistakable else None
        if name == local:
            return self.SKIP
        return replace(node, name=NameNode(value=name, loc=node.name.loc))
