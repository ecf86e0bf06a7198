"""What the elements of the linked specifications are called in one document."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace

from graphql import (
    DirectiveDefinitionNode,
    NameNode,
    TypeDefinitionNode,
)

from plait_schema.federation.link import Link
from plait_schema.federation.specifications import (
    FEDERATION,
    LINK,
    Elements,
    federation_1,
    federation_1_when_defined,
    known_specifications,
)
from plait_schema.federation.type_reference import with_named_type
from plait_schema.federation.versions import FEDERATION_1, Version


@dataclass(frozen=True)
class Vocabulary:
    """The definitions that specifications bring into a document, by the names they have there.

    `canonical` tells for a directive's local name what its specification calls it. Links to unknown versions
    of known specifications bring nothing.
    """

    version: Version
    directives: Mapping[str, DirectiveDefinitionNode]
    types: Mapping[str, TypeDefinitionNode]
    canonical: Mapping[str, str]
    unknown_versions: tuple[Link, ...] = ()
    bootstrap: frozenset[str] = frozenset()  # @link and its types, where the document links and defines them


def vocabulary(
    links: Iterable[Link], link_specification: Link | None, defined: Container[str] = ()
) -> Vocabulary:
    """The elements of the known specifications among the links, and of Federation 1 when federation is not.

    `link_specification` is the implied link to the link specification, None when it is among the links;
    `defined` are the directives that the document itself defines.
    """
    links = tuple(links)
    version = next((link.version for link in links if link.identity == FEDERATION), FEDERATION_1)
    directives: dict[str, DirectiveDefinitionNode] = {}
    types: dict[str, TypeDefinitionNode] = {}
    canonical: dict[str, str] = {}
    if version == FEDERATION_1:
        elements = federation_1()
        directives.update(elements.directives)
        directives |= {name: node for name, node in federation_1_when_defined().items() if name in defined}
        types.update(elements.types)
        canonical.update({name: name for name in directives})
    for link in (link_specification, *links) if link_specification else links:
        if (known := link.elements) is None or _is_too_new(link, version):
            continue
        local_types = {name: link.type_name(name) for name in known.types}
        types.update({local: _renamed_type(known.types[name], local) for name, local in local_types.items()})
        for local, name in _local_directives(link, known):
            directives[local] = _renamed_directive(known.directives[name], local, local_types)
            canonical[local] = name
    unknown = (link for link in links if link.elements is None and link.identity in known_specifications())
    return Vocabulary(version, directives, types, canonical, tuple(unknown), _bootstrap(links, defined))


def _bootstrap(links: Iterable[Link], defined: Container[str]) -> frozenset[str]:
    for link in links:
        if link.identity == LINK and link.elements and (name := link.directive_name("link")) in defined:
            return frozenset((name, *(link.type_name(type_) for type_ in link.elements.types)))
    return frozenset()


def _is_too_new(link: Link, version: Version) -> bool:
    """A subgraph that does not link federation has nothing that only Federation 2 understands."""
    minimum = known_specifications()[link.identity].minimum_federation.get(link.version, FEDERATION_1)
    return version == FEDERATION_1 < minimum


def _local_directives(link: Link, elements: Elements) -> Iterable[tuple[str, str]]:
    for name in elements.directives:
        yield link.directive_name(name), name


def _renamed_type(node: TypeDefinitionNode, local: str) -> TypeDefinitionNode:
    return replace(node, name=NameNode(value=local))


def _renamed_directive(
    node: DirectiveDefinitionNode, local: str, local_types: Mapping[str, str]
) -> DirectiveDefinitionNode:
    arguments = tuple(
        replace(argument, type=with_named_type(argument.type, lambda name: local_types.get(name, name)))
        for argument in node.arguments or ()
    )
    return replace(node, name=NameNode(value=local), arguments=arguments)
