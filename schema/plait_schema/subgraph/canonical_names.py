"""Federation's directives under federation's names, and its definitions gone."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DirectiveLocation,
    DirectiveNode,
    DocumentNode,
    NameNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    Visitor,
    specified_scalar_types,
    visit,
)

from plait_schema.federation import string_argument
from plait_schema.federation.names import Vocabulary
from plait_schema.federation.specifications import FEDERATION, known_specifications
from plait_schema.federation.versions import LATEST
from plait_schema.subgraph.definitions import STANDARD_DIRECTIVES
from plait_schema.subgraph.roots import schema_nodes
from plait_schema.subgraph.visiting import TO_DIRECTIVES

_EXECUTABLE = frozenset(
    {
        DirectiveLocation.QUERY,
        DirectiveLocation.MUTATION,
        DirectiveLocation.SUBSCRIPTION,
        DirectiveLocation.FIELD,
        DirectiveLocation.FRAGMENT_DEFINITION,
        DirectiveLocation.FRAGMENT_SPREAD,
        DirectiveLocation.INLINE_FRAGMENT,
        DirectiveLocation.VARIABLE_DEFINITION,
    }
)
_FEDERATION_DIRECTIVES = frozenset(known_specifications()[FEDERATION].versions[LATEST].directives)


def with_canonical_names(document: DocumentNode, vocabulary: Vocabulary) -> DocumentNode:
    """The document without definitions of specifications, and with their directives under their own names.

    A type system directive of the subgraph's own that happens to have such a name would be mistaken for
    federation's, so it is dropped unless it is composed: nothing but documentation is lost.
    """
    mistakable = _FEDERATION_DIRECTIVES - _composed(document, vocabulary)
    kept = tuple(node for node in document.definitions if not _is_given(node, vocabulary, mistakable))
    changed = replace(document, definitions=kept)
    renamed: DocumentNode = visit(changed, _Renaming(vocabulary.canonical, mistakable), TO_DIRECTIVES)
    return renamed


def _composed(document: DocumentNode, vocabulary: Vocabulary) -> frozenset[str]:
    """The directives that `@composeDirective` names."""
    return frozenset(
        (string_argument(directive, "name") or "").removeprefix("@")
        for node in schema_nodes(document)
        for directive in node.directives or ()
        if vocabulary.canonical.get(directive.name.value) == "composeDirective"
    )


def _is_given(node: DefinitionNode, vocabulary: Vocabulary, mistakable: frozenset[str]) -> bool:
    match node:
        case DirectiveDefinitionNode(name=name, locations=locations):
            return (
                name.value in STANDARD_DIRECTIVES
                or name.value in vocabulary.directives
                or (name.value in mistakable and not _is_executable(locations))
            )
        case TypeDefinitionNode(name=name) | TypeExtensionNode(name=name):
            return name.value in specified_scalar_types or name.value in vocabulary.types
        case _:
            return False


def _is_executable(locations: tuple[NameNode, ...]) -> bool:
    return all(DirectiveLocation[location.value] in _EXECUTABLE for location in locations)


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
