"""A field in each subgraph, with what federation makes of it there."""

from collections.abc import Mapping, Sequence

from graphql import FieldDefinitionNode

from plait_schema.composition.declared import Declared
from plait_schema.composition.field_sources import FieldSource, Override
from plait_schema.composition.merge.contexts import context_arguments
from plait_schema.composition.merge.field_set_usage import FieldSetUsage
from plait_schema.composition.merge.overrides import apply_overrides
from plait_schema.composition.merged import CompositeNode
from plait_schema.federation import applied, is_applied, override_of, string_argument


def field_sources(
    parents: Sequence[Declared[CompositeNode]], usage: Mapping[str, FieldSetUsage]
) -> Mapping[str, tuple[FieldSource, ...]]:
    """By field name: in the order in which the subgraphs that keep them declare them."""
    found: dict[str, list[FieldSource]] = {}
    for parent in parents:
        for node in parent.node.fields or ():
            source = _source(parent, Declared(parent.subgraph, node), usage[parent.name])
            found.setdefault(node.name.value, []).append(source)
    overridden = {name: apply_overrides(sources) for name, sources in found.items()}
    return _in_kept_order(overridden, parents)


def _in_kept_order(
    fields: Mapping[str, tuple[FieldSource, ...]], parents: Sequence[Declared[CompositeNode]]
) -> Mapping[str, tuple[FieldSource, ...]]:
    """In an order that a declaration which is replaced, and so not in the supergraph, has no part in."""
    if all(source.is_joined for sources in fields.values() for source in sources):
        return fields
    gone = {
        (source.subgraph, name)
        for name, sources in fields.items()
        for source in sources
        if not source.is_joined
    }
    declared = [(parent.name, node.name.value) for parent in parents for node in parent.node.fields or ()]
    return {name: fields[name] for subgraph, name in declared if (subgraph, name) not in gone}


def _source(
    parent: Declared[CompositeNode], declared: Declared[FieldDefinitionNode], usage: FieldSetUsage
) -> FieldSource:
    node = declared.node
    coordinate = (parent.node.name.value, node.name.value)
    override = override_of(node)
    is_external = is_applied(node, "external")
    is_provided = is_external and coordinate in usage.provided
    return FieldSource(
        declared=declared,
        requires=_field_set(node, "requires"),
        provides=_field_set(node, "provides"),
        is_external=is_external,
        is_provided=is_provided,
        is_shareable=is_applied(node, "shareable") or coordinate in usage.keys or is_provided,
        is_used=coordinate in usage.used,
        override=Override(override.source, override.label) if override else None,
        context_arguments=context_arguments(declared),
        is_on_interface_object=is_applied(parent.node, "interfaceObject"),
    )


def _field_set(node: FieldDefinitionNode, directive: str) -> str | None:
    return next(
        (text for each in applied(node, directive) if (text := string_argument(each, "fields"))), None
    )
