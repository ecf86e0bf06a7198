"""`@listSize`: https://ibm.github.io/graphql-specs/cost-spec.html#sec-The-List-Size-Directive."""

from collections.abc import Iterator

from graphql import (
    DirectiveNode,
    FieldDefinitionNode,
    IntValueNode,
    ListTypeNode,
    ListValueNode,
    NonNullTypeNode,
    StringValueNode,
    TypeNode,
    is_composite_type,
    print_ast,
)

from plait_schema.diagnostics import (
    LIST_SIZE_APPLIED_TO_NON_LIST,
    LIST_SIZE_INVALID_ASSUMED_SIZE,
    LIST_SIZE_INVALID_SIZED_FIELD,
    LIST_SIZE_INVALID_SLICING_ARGUMENT,
    Code,
    Diagnostic,
)
from plait_schema.federation import applied, argument, written_name
from plait_schema.federation.fields import fields_of
from plait_schema.federation.type_reference import named_type
from plait_schema.subgraph.model import Subgraph

_MENDS = {
    LIST_SIZE_APPLIED_TO_NON_LIST: "Apply it to the list, or name the lists below the field in sizedFields.",
    LIST_SIZE_INVALID_ASSUMED_SIZE: "Assume a size of 0 or more.",
    LIST_SIZE_INVALID_SIZED_FIELD: "Name fields of the type that the field returns.",
    LIST_SIZE_INVALID_SLICING_ARGUMENT: "Name an argument of the field that is of type Int.",
}


def list_size(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """`@listSize` estimates a list: that of the field itself, or those of the sized fields below it."""
    for name, node in subgraph.types.items():
        for field in fields_of(node):
            for directive in applied(field, "listSize"):
                for code, message in _problems(directive, field, subgraph):
                    yield code.at(
                        f"{name}.{field.name.value}",
                        f"{written_name(directive)} {message}.",
                        locations=subgraph.locate(directive),
                        fix=_MENDS[code],
                    )


def _problems(
    directive: DirectiveNode, field: FieldDefinitionNode, subgraph: Subgraph
) -> Iterator[tuple[Code, str]]:
    sized_fields = _strings(directive, "sizedFields")
    if not sized_fields and not _is_list(field.type):
        message = f"must be on a list or name sized fields, but {print_ast(field.type)} is no list"
        yield LIST_SIZE_APPLIED_TO_NON_LIST, message
    match argument(directive, "assumedSize"):
        case IntValueNode(value=size) if size.startswith("-") and size.strip("-0"):
            yield LIST_SIZE_INVALID_ASSUMED_SIZE, f"cannot assume a list of {size} items"
    for name in _strings(directive, "slicingArguments"):
        yield from _slicing_argument(name, field)
    for name in sized_fields:
        yield from _sized_field(name, field, subgraph)


def _slicing_argument(name: str, field: FieldDefinitionNode) -> Iterator[tuple[Code, str]]:
    given = next((given for given in field.arguments or () if given.name.value == name), None)
    if given is None:
        message = f'names the slicing argument "{name}", which the field does not have'
        yield LIST_SIZE_INVALID_SLICING_ARGUMENT, message
    elif (written := print_ast(given.type)).removesuffix("!") != "Int":
        message = f'names the slicing argument "{name}", which is {written} and not Int'
        yield LIST_SIZE_INVALID_SLICING_ARGUMENT, message


def _sized_field(name: str, field: FieldDefinitionNode, subgraph: Subgraph) -> Iterator[tuple[Code, str]]:
    returned = named_type(field.type).name.value
    sized = subgraph.field(returned, name)
    if name == "__typename" and is_composite_type(subgraph.schema.get_type(returned)):
        yield LIST_SIZE_APPLIED_TO_NON_LIST, 'names the sized field "__typename", which is no list'
    elif sized is None:
        yield LIST_SIZE_INVALID_SIZED_FIELD, f'names the sized field "{name}", which {returned} does not have'
    elif not _is_list(sized.type):
        message = f'names the sized field "{name}", which is {print_ast(sized.type)} and no list'
        yield LIST_SIZE_APPLIED_TO_NON_LIST, message


def _is_list(node: TypeNode) -> bool:
    return isinstance(node.type if isinstance(node, NonNullTypeNode) else node, ListTypeNode)


def _strings(directive: DirectiveNode, name: str) -> list[str]:
    match argument(directive, name):
        case StringValueNode(value=text):
            return [text]  # input coercion makes a list of it
        case ListValueNode(values=values):
            return [value.value for value in values or () if isinstance(value, StringValueNode)]
        case _:
            return []
