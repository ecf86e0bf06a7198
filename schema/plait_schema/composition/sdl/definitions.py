"""One definition of the supergraph SDL for each merged type and directive."""

from collections.abc import Iterable, Iterator

from graphql import print_ast

from plait_schema.composition.merged import (
    MergedDirective,
    MergedEnum,
    MergedField,
    MergedInputObject,
    MergedInterface,
    MergedObject,
    MergedScalar,
    MergedType,
    MergedUnion,
)
from plait_schema.composition.sdl.join import (
    Graphs,
    join_directives,
    join_enum_values,
    join_fields,
    join_implements,
    join_input_fields,
    join_types,
    join_union_members,
)
from plait_schema.composition.sdl.layout import Layout


def print_type(type_: MergedType, graphs: Graphs, layout: Layout) -> str:
    """The definition of a type, with its join directives first."""
    match type_:
        case MergedObject() | MergedInterface():
            head, body = _composite_head(type_), _fields(type_, graphs, layout)
        case MergedUnion():
            head, body = f"union {type_.name}", []
        case MergedEnum():
            head, body = f"enum {type_.name}", _values(type_, graphs, layout)
        case MergedInputObject():
            head, body = f"input {type_.name}", _input_fields(type_, graphs, layout)
        case MergedScalar():
            head, body = f"scalar {type_.name}", []
    lines = [*layout.description(type_.description), head]
    lines += [f"  {each}" for each in _type_joins(type_, graphs)]
    lines += [f"  {layout.directive(each)}" for each in type_.directives]
    if isinstance(type_, MergedUnion):
        lines.append(f"  = {' | '.join(type_.members)}")
    elif not isinstance(type_, MergedScalar):
        lines += ["{", *body, "}"]
    return "\n".join(lines)


def print_directive(directive: MergedDirective, layout: Layout) -> str:
    """The definition of a composed directive, or of one for operations."""
    repeatable = " repeatable" if directive.is_repeatable else ""
    head = f"directive @{directive.name}{layout.arguments(directive.arguments, '')}{repeatable}"
    return "\n".join(
        [*layout.description(directive.description), f"{head} on {' | '.join(directive.locations)}"]
    )


def _composite_head(type_: MergedObject | MergedInterface) -> str:
    keyword = "type" if isinstance(type_, MergedObject) else "interface"
    implements = f" implements {' & '.join(type_.interfaces)}" if type_.interfaces else ""
    return f"{keyword} {type_.name}{implements}"


def _type_joins(type_: MergedType, graphs: Graphs) -> Iterator[str]:
    if isinstance(type_, MergedObject | MergedInterface):
        yield from join_implements(type_.declared, graphs)
    yield from _holders(type_, graphs)
    if isinstance(type_, MergedUnion):
        yield from join_union_members(type_.declared, graphs)
    if isinstance(type_, MergedObject | MergedInterface):
        yield from join_directives(type_.declared, "cacheTag", graphs)


def _holders(type_: MergedType, graphs: Graphs) -> Iterable[str]:
    """Every subgraph has a query root, since federation adds fields to it."""
    if type_.name == "Query":
        return [f"@join__type(graph: {graph})" for graph in graphs.values()]
    return join_types(type_.declared, graphs)


def _fields(type_: MergedObject | MergedInterface, graphs: Graphs, layout: Layout) -> list[str]:
    holders = len(graphs) if type_.name == "Query" else len(type_.declared)
    return [line for field in type_.fields for line in _field(field, graphs, layout, holders)]


def _field(
    field: MergedField,
    graphs: Graphs,
    layout: Layout,
    holders: int,
) -> Iterator[str]:
    joined = [
        *join_fields(field, graphs, holders),
        *join_directives(field.declared, "cacheTag", graphs),
    ]
    yield from layout.description(field.description, "  ")
    yield (
        f"  {field.name}{layout.arguments(field.arguments, '  ')}: {print_ast(field.type)}"
        f"{layout.directives(joined, field.directives)}"
    )


def _values(enum: MergedEnum, graphs: Graphs, layout: Layout) -> list[str]:
    lines: list[str] = []
    for value in enum.values:
        if value.is_kept:
            lines += layout.description(value.description, "  ")
            joined = join_enum_values(value.declared, graphs)
            lines.append(f"  {value.name}{layout.directives(joined, value.directives)}")
    return lines


def _input_fields(type_: MergedInputObject, graphs: Graphs, layout: Layout) -> list[str]:
    lines: list[str] = []
    for field in type_.fields:
        if field.is_kept:
            lines += layout.description(field.description, "  ")
            lines.append(f"  {layout.input_value(field, join_input_fields(field, graphs))}")
    return lines
