"""Which definitions of a supergraph belong to the specifications that it links."""

from collections.abc import Iterable

from graphql import DefinitionNode, DirectiveDefinitionNode, SchemaExtensionNode, TypeDefinitionNode

from plait_schema.federation.link import Link


def is_machinery(node: DefinitionNode, links: Iterable[Link]) -> bool:
    """Is it a definition of one of these specifications, or an extension that only links some?"""
    match node:
        case DirectiveDefinitionNode():
            return any(_owns_directive(link, node.name.value) for link in links)
        case TypeDefinitionNode():
            return any(_owns_type(link, node.name.value) for link in links)
        case SchemaExtensionNode():
            return True
        case _:
            return False


def _owns_directive(link: Link, name: str) -> bool:
    return (
        name == link.namespace
        or name.startswith(f"{link.namespace}__")
        or f"@{name}" in link.imports.values()
    )


def _owns_type(link: Link, name: str) -> bool:
    return name.startswith(f"{link.namespace}__") or name in link.imports.values()
