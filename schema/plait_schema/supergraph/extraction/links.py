"""The schema definition of a subgraph: what it links and composes."""

from collections.abc import Iterable, Iterator, Sequence

from graphql import (
    ConstDirectiveNode,
    ConstListValueNode,
    ConstObjectFieldNode,
    ConstObjectValueNode,
    ConstValueNode,
    EnumValueNode,
    InterfaceTypeDefinitionNode,
    NameNode,
    Node,
    OperationTypeDefinitionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    StringValueNode,
)

from plait_schema.federation.link import FeatureUrl, Link
from plait_schema.federation.specifications import FEDERATION, elements_of
from plait_schema.federation.versions import FEDERATION_2, LATEST, Version
from plait_schema.supergraph.extraction.applied import Applied, apply
from plait_schema.supergraph.extraction.definitions import applications
from plait_schema.supergraph.extraction.holdings import Holding

_STANDARD_ROOTS = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}
_KEYS_ON_INTERFACES: Version = (2, 3)


def schema_node(
    applied: Applied, nodes: Sequence[Node], composed: Iterable[str], holding: Holding
) -> SchemaDefinitionNode | SchemaExtensionNode:
    """The schema's own node; `nodes` are all other definitions, `composed` the composed directives' names."""
    here = applied.definitions.schema_definition
    roots = tuple(each for each in here.operation_types or () if each.type.name.value in holding)
    own = tuple(applied.merged(here))
    requests = tuple(applied.federation("composeDirective", name=f"@{name}") for name in composed)
    uses = list(
        applications([SchemaDefinitionNode(operation_types=(), directives=(*own, *requests)), *nodes])
    )
    directives = (
        _federation_link(applied, uses),
        *_composed_links(applied, composed),
        *requests,
        *own,
    )
    if roots and (here.description or any(not _is_standard(root) for root in roots)):
        return SchemaDefinitionNode(
            description=here.description, directives=directives, operation_types=roots
        )
    return SchemaExtensionNode(directives=directives)


def _is_standard(root: OperationTypeDefinitionNode) -> bool:
    return root.type.name.value == _STANDARD_ROOTS[root.operation.value]


def _federation_link(applied: Applied, uses: Sequence[tuple[Node, ConstDirectiveNode]]) -> ConstDirectiveNode:
    """Federation in the lowest version that has all that is used, which is imported."""
    names = applied.names
    used = {element for _, each in uses if (element := names.elements.get(each.name.value))}
    imports = [
        _import(f"@{element}", f"@{local}")
        for element in sorted(used)
        if (local := names.local[element]) != f"federation__{element}"
    ]
    version = next(
        (version for version in FEDERATION_2 if all(_has(version, *use, applied) for use in uses)), LATEST
    )
    url = str(FeatureUrl(FEDERATION, version))
    return apply(
        "link", {"url": url, "import": ConstListValueNode(values=tuple(imports)) if imports else None}
    )


def _has(version: Version, node: Node, use: ConstDirectiveNode, applied: Applied) -> bool:
    """Does this version of federation have the directive, if it is one, as it is used on the node?"""
    element = applied.names.elements.get(use.name.value)
    if element is None:
        return True
    elements = elements_of(FEDERATION, version)
    if elements is None or (definition := elements.directives.get(element)) is None:
        return False
    if element == "key" and isinstance(node, InterfaceTypeDefinitionNode):
        return version >= _KEYS_ON_INTERFACES
    known = {argument.name.value for argument in definition.arguments or ()}
    is_placed = not isinstance(node, SchemaDefinitionNode) or any(
        location.value == "SCHEMA" for location in definition.locations
    )
    return is_placed and all(argument.name.value in known for argument in use.arguments or ())


def _composed_links(applied: Applied, composed: Iterable[str]) -> Iterator[ConstDirectiveNode]:
    """The links that the supergraph has for composed directives, importing those that are here."""
    links: dict[str, tuple[Link, list[ConstValueNode]]] = {}
    for name in composed:
        link = applied.definitions.composed[name]
        _, imports = links.setdefault(link.identity, (link, []))
        imports += [_import(element, local) for element, local in link.imports.items() if local == f"@{name}"]
    for link, imports in links.values():
        named = link.namespace if link.namespace != link.url.name else None
        yield apply(
            "link",
            {
                "url": str(link.url),
                "as": named,
                "for": EnumValueNode(value=link.purpose) if link.purpose else None,
                "import": ConstListValueNode(values=tuple(imports)) if imports else None,
            },
        )


def _import(element: str, local: str) -> ConstValueNode:
    if element == local:
        return StringValueNode(value=element)
    return ConstObjectValueNode(
        fields=tuple(
            ConstObjectFieldNode(name=NameNode(value=key), value=StringValueNode(value=value))
            for key, value in (("name", element), ("as", local))
        )
    )
