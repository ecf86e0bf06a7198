from collections.abc import Iterator

from graphql import InterfaceTypeDefinitionNode

from plait_schema.composition.declared import Declared, places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import CompositeNode
from plait_schema.composition.rules.wording import listed
from plait_schema.diagnostics import INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE, Diagnostic
from plait_schema.federation import keys_of


def interface_keys(merged: MergedSchema) -> Iterator[Diagnostic]:
    """A subgraph with a resolvable key on an interface can be asked for any object of it by its key.

    It must know all types that the object may be, those that other subgraphs define included.
    """
    for interface in merged.interfaces():
        implementations = {
            type_.name: type_ for type_ in merged.objects() if interface.name in type_.interfaces
        }
        for each in interface.declared:
            if isinstance(each.node, InterfaceTypeDefinitionNode) and _is_resolvable(each):
                missing = [name for name in implementations if not _implements(each, name, interface.name)]
                if missing:
                    yield INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE.at(
                        interface.name,
                        f'{interface.name} has a key in "{each.name}", which does not know'
                        f" that {listed(missing)} {'implements' if len(missing) == 1 else 'implement'} it.",
                        locations=[
                            *each.places,
                            *(place for name in missing for place in places(implementations[name].declared)),
                        ],
                        fix=f'Define {listed(missing)} with the same key in "{each.name}", too.',
                    )


def _is_resolvable(declared: Declared[CompositeNode]) -> bool:
    return any(key.resolvable for key in keys_of(declared.node))


def _implements(declared: Declared[CompositeNode], name: str, interface: str) -> bool:
    node = declared.subgraph.types.get(name)
    return node is not None and interface in {
        implemented.name.value for implemented in getattr(node, "interfaces", None) or ()
    }
