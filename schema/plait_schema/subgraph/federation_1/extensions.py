"""Federation 1 asks first of all whether what is extended exists."""

from collections.abc import Iterator, Sequence

from graphql import InterfaceTypeDefinitionNode, ObjectTypeDefinitionNode

from plait_schema.diagnostics import EXTENSION_WITH_NO_BASE, Diagnostic
from plait_schema.federation import FEDERATION_1
from plait_schema.subgraph.model import Subgraph
from plait_schema.subgraph.roots import ROOT_NAMES


def check_extensions(subgraphs: Sequence[Subgraph]) -> Iterator[Diagnostic]:
    """An object or interface that a Federation 1 subgraph extends must be defined in some subgraph.

    Whether other types are is looked at when all subgraphs are merged.
    """
    defined = {name for subgraph in subgraphs for name in subgraph.types if name not in subgraph.extended}
    for subgraph in subgraphs:
        if subgraph.version != FEDERATION_1:
            continue
        for name, node in subgraph.extended.items():
            if not isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
                continue
            if name not in defined and name not in ROOT_NAMES.values():
                yield EXTENSION_WITH_NO_BASE.at(
                    name,
                    f'{name} is extended in "{subgraph.name}", but no subgraph defines it.',
                    locations=subgraph.locate(node),
                    fix="Leave out the word extend, or check the name.",
                )
