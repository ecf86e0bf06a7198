"""Federation 1 extensions mark the key by which they are found as external, though they do resolve it."""

from collections.abc import Iterable, Mapping

from graphql import FieldDefinitionNode, FieldNode, TypeDefinitionNode

from plait_schema.federation import is_applied, without
from plait_schema.federation.fields import fields_of
from plait_schema.subgraph.model import Subgraph
from plait_schema.subgraph.rewriting import Types, map_fields
from plait_schema.subgraph.rules.valid_keys import valid_keys_of


def without_external_keys(
    types: Types, extensions: Types, keys_elsewhere: Mapping[str, frozenset[str]]
) -> Types:
    """The types without `@external` on the fields of the extensions' keys.

    An extension that does not repeat the key has those that other subgraphs give the type, `keys_elsewhere`.
    """
    keys = {
        name: key_fields(node) or keys_elsewhere.get(name, frozenset()) for name, node in extensions.items()
    }

    def own(field: FieldDefinitionNode, type_: TypeDefinitionNode) -> FieldDefinitionNode:
        is_key = field.name.value in keys.get(type_.name.value, ())
        return without(field, "external") if is_key else field

    return map_fields(types, own)


def key_fields(node: TypeDefinitionNode) -> frozenset[str]:
    """The fields that the keys of the type select on the type itself."""
    return frozenset(
        selection.name.value
        for key in valid_keys_of(node)
        for selection in key.selection_set.selections
        if isinstance(selection, FieldNode)
    )


def keyless_extensions(types: Types, extensions: Iterable[str]) -> frozenset[str]:
    """The extensions with external fields and without key: what they mean depends on other subgraphs."""
    return frozenset(
        name
        for name in extensions
        if not is_applied(types[name], "key")
        and any(is_applied(field, "external") for field in fields_of(types[name]))
    )


def keys_elsewhere(subgraph: Subgraph, subgraphs: Iterable[Subgraph]) -> Mapping[str, frozenset[str]]:
    """The fields of the keys that the other subgraphs give to the keyless extensions of this one."""
    if not subgraph.keyless_extensions:
        return {}
    found: dict[str, frozenset[str]] = {}
    for other in subgraphs:
        for name in subgraph.keyless_extensions & other.types.keys():
            found[name] = found.get(name, frozenset()) | key_fields(other.types[name])
    return {name: fields for name, fields in found.items() if fields}
