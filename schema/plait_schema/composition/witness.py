"""A query that shows a path through the graph."""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationType,
    get_named_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
)

_LEAF_VALUES = {"Int": "1", "Float": "1.0", "Boolean": "true"}


@dataclass(frozen=True, slots=True)
class Step:
    """A field of a type, asked where the API schema says `parent`."""

    parent: str
    type: str
    field: str


def witness(schema: GraphQLSchema, path: tuple[Step, ...]) -> str:
    """A valid operation on the API schema that follows a path, with made-up values for its arguments."""
    roots = {
        root.name: operation
        for operation in OperationType
        if (root := schema.get_root_type(operation)) is not None
    }
    lines = [f"{roots[path[0].type].value} {{"]
    for step in path:
        if step.type != step.parent:
            lines.append(f"{_indent(lines)}... on {step.type} {{")
        lines.append(f"{_indent(lines)}{step.field}{_arguments(_field(schema, step))} {{")
    if is_composite_type(get_named_type(_field(schema, path[-1]).type)):
        lines.append(f"{_indent(lines)}__typename {{")
    lines[-1] = lines[-1].removesuffix(" {")
    closing = [f"{'  ' * depth}}}" for depth in reversed(range(len(lines) - 1))]
    return "\n".join([*lines, *closing])


def _indent(lines: list[str]) -> str:
    return "  " * len(lines)


def _field(schema: GraphQLSchema, step: Step) -> GraphQLField:
    parent = schema.get_type(step.type)
    assert isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
    field: GraphQLField = parent.fields[step.field]
    return field


def _arguments(field: GraphQLField) -> str:
    required: Iterator[tuple[str, GraphQLArgument]] = (
        (name, argument) for name, argument in field.args.items() if is_required_argument(argument)
    )
    written = ", ".join(f"{name}: {_value(argument.type)}" for name, argument in required)
    return f"({written})" if written else ""


def _value(wanted: GraphQLInputType) -> str:
    if is_non_null_type(wanted):
        return _value(wanted.of_type)
    if is_list_type(wanted):
        return "[]"
    match wanted:
        case GraphQLEnumType(values=values):
            first: str = next(iter(values))
            return first
        case GraphQLInputObjectType(fields=fields):
            required = ((name, field) for name, field in fields.items() if is_required_input_field(field))
            return "{" + ", ".join(f"{name}: {_value(field.type)}" for name, field in required) + "}"
        case _:
            return _LEAF_VALUES.get(get_named_type(wanted).name, '"1"')
