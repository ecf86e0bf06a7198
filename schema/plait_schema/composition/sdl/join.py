"""The directives of the join specification that say which subgraph has what.

https://specs.apollo.dev/join/v0.3, and what v0.4 and v0.5 add to it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from graphql import EnumValueDefinitionNode, Node, TypeDefinitionNode, print_ast
from graphql.language.print_string import print_string

from plait_schema.composition.declared import Declared
from plait_schema.composition.field_sources import ContextArgument, FieldSource
from plait_schema.composition.merge.type_references import is_same_type
from plait_schema.composition.merged import CompositeNode, MergedField, MergedInputValue
from plait_schema.federation import FEDERATION_1, applied, is_applied, keys_of

Graphs = Mapping[str, str]  # subgraph -> its value of join__Graph


def join_types(declared: Iterable[Declared[TypeDefinitionNode]], graphs: Graphs) -> Iterator[str]:
    """@join__type: once per subgraph that has the type, or once per key that it has there."""
    for each in declared:
        graph = graphs[each.name]
        is_interface_object = is_applied(each.node, "interfaceObject") or None
        keys = keys_of(each.node)
        if not keys:
            yield _directive("join__type", graph=graph, isInterfaceObject=is_interface_object)
        for key in keys:
            yield _directive(
                "join__type",
                graph=graph,
                key=print_string(key.field_set.strip()),
                extension=_is_extension(each) or None,
                resolvable=None if key.resolvable else False,
                isInterfaceObject=is_interface_object,
            )


def join_implements(declared: Iterable[Declared[CompositeNode]], graphs: Graphs) -> Iterator[str]:
    """@join__implements: once per interface and subgraph."""
    for each in declared:
        for interface in each.node.interfaces or ():
            yield _directive(
                "join__implements", graph=graphs[each.name], interface=print_string(interface.name.value)
            )


def join_union_members(declared: Iterable[Declared[Node]], graphs: Graphs) -> Iterator[str]:
    """@join__unionMember: once per member and subgraph."""
    for each in declared:
        for member in getattr(each.node, "types", None) or ():
            yield _directive(
                "join__unionMember", graph=graphs[each.name], member=print_string(member.name.value)
            )


def join_enum_values(declared: Iterable[Declared[EnumValueDefinitionNode]], graphs: Graphs) -> Iterator[str]:
    """@join__enumValue: once per subgraph that has the value."""
    for each in declared:
        yield _directive("join__enumValue", graph=graphs[each.name])


def join_fields(field: MergedField, graphs: Graphs, holders: int) -> Iterator[str]:
    """@join__field: once per subgraph that has the field, unless nothing has to be said.

    `holders` is the number of subgraphs that have the parent type; where all of them have the field alike,
    the type's own @join__type says enough. A field without graph comes from an interface object.
    """
    if not field.sources:
        yield _directive("join__field")
        return
    joined = [source for source in field.sources if source.is_joined]
    types_differ = any(not is_same_type(source.node.type, field.type) for source in joined)
    if types_differ or len(joined) != holders or any(_is_special(source) for source in joined):
        for source in joined:
            yield _join_field(source, graphs, with_type=types_differ)


def join_input_fields(field: MergedInputValue, graphs: Graphs) -> Iterator[str]:
    """@join__field of an input object, where a subgraph lacks it or has it as another type."""
    types_differ = any(not is_same_type(each.node.type, field.type) for each in field.declared)
    if types_differ or field.missing_in:
        for each in field.declared:
            type_ = print_ast(each.node.type) if types_differ else None
            yield _directive("join__field", graph=graphs[each.name], type=_text(type_))


def join_directives(declared: Sequence[Declared[Node]], name: str, graphs: Graphs) -> Iterator[str]:
    """@join__directive: applications that the gateway is to know, as the subgraphs have them."""
    by_arguments: dict[str, list[str]] = {}
    for each in declared:
        for directive in applied(each.node, name):
            arguments = ", ".join(print_ast(argument) for argument in directive.arguments or ())
            by_arguments.setdefault(arguments, []).append(graphs[each.name])
    for arguments, found in by_arguments.items():
        yield _directive(
            "join__directive",
            graphs=f"[{', '.join(dict.fromkeys(found))}]",
            name=print_string(f"federation__{name}"),
            args=f"{{{arguments}}}",
        )


def _is_extension(declared: Declared[TypeDefinitionNode]) -> bool:
    """With `extend` or @extends; in Federation 1 the former makes entities like any other."""
    subgraph, name = declared.subgraph, declared.node.name.value
    if subgraph.version == FEDERATION_1:
        return name in subgraph.marked_extended
    return name in subgraph.extended or name in subgraph.marked_extended


def _is_special(source: FieldSource) -> bool:
    return bool(
        source.is_external
        or source.requires
        or source.provides
        or (source.override and source.override.label)
        or source.overridden
        or source.context_arguments
    )


def _join_field(source: FieldSource, graphs: Graphs, *, with_type: bool) -> str:
    moved = source.override or source.overridden
    is_external = source.is_external
    return _directive(
        "join__field",
        graph=graphs[source.subgraph],
        requires=_text(source.requires),
        provides=_text(source.provides),
        type=_text(print_ast(source.node.type) if with_type else None),
        external=is_external or None,
        override=_text(source.override.from_subgraph if source.override else None),
        usedOverridden=source.is_replaced or None,
        overrideLabel=_text(moved.label if moved else None),
        contextArguments=_context_arguments(source.context_arguments),
    )


def _context_arguments(arguments: Sequence[ContextArgument]) -> str | None:
    printed = [
        f"{{context: {print_string(argument.context)}, name: {print_string(argument.name)},"
        f" type: {print_string(argument.type)}, selection: {print_string(argument.selection)}}}"
        for argument in arguments
    ]
    return f"[{', '.join(printed)}]" if printed else None


def _text(value: str | None) -> str | None:
    return None if value is None else print_string(value)


def _directive(name: str, /, **arguments: str | bool | None) -> str:
    """Printed without the arguments that are None."""
    given = [
        f"{key}: {str(value).lower() if isinstance(value, bool) else value}"
        for key, value in arguments.items()
        if value is not None
    ]
    return f"@{name}({', '.join(given)})" if given else f"@{name}"
