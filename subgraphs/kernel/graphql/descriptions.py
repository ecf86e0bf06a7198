"""What clients read about the parts of a schema, in GraphiQL and in whatever is made of an introspection.

Where a definition has a description of its own, that is it. For others a context has a table by schema
coordinate (`Course.title`, `CourseStatus.DRAFT`, `Query.courseCatalog(subject:)`). What is alike everywhere,
such as payloads, inputs and ids, is said here, once.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, Protocol

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    is_specified_scalar_type,
)

_ROOTS: Final = {
    "Query": "What can be asked.",
    "Mutation": "What can be done. A refusal that is to be expected is in the payload's `errors`.",
}
_FIELDS: Final = {
    "id": "Its id, which never changes.",
    "createdAt": "When it was made.",
    "updatedAt": "When something of it was changed last.",
    "version": "For `minVersion` of later queries; null when there is nothing to wait for.",
}
_PAYLOAD_ERRORS: Final = "Why nothing was changed; empty when it was."
_PAYLOAD: Final = "As it is now; null when nothing was changed."
_INPUT: Final = "All that it needs."
_ID: Final = re.compile(r"(\w+)Id")


class Described(Protocol):
    """A type, field, argument or value of an enum."""

    description: str | None


def describe(schema: GraphQLSchema, table: Mapping[str, str]) -> None:
    """Give a schema's parts the descriptions that they have not got.

    TypeError for a coordinate in the table that does not exist, or has a description already.
    """
    left = dict(table)
    for coordinate, part in described_parts(schema):
        if part.description is None:
            part.description = left.pop(coordinate, None) or _usual(coordinate)
    if left:
        raise TypeError(f"nothing is there to be described, or it is already: {', '.join(sorted(left))}")


def described_parts(schema: GraphQLSchema) -> Iterator[tuple[str, Described]]:
    """All that has a description, or should, with its coordinate: not what every schema has, nor what
    gateways alone see."""
    for name, kind in schema.type_map.items():
        if not (name.startswith(("_", "link__")) or is_specified_scalar_type(kind)):
            yield name, kind
            yield from _parts_of(kind)


def _parts_of(kind: GraphQLNamedType) -> Iterator[tuple[str, Described]]:
    match kind:
        case GraphQLObjectType() | GraphQLInterfaceType():
            for name, field in kind.fields.items():
                if name.startswith("_"):
                    continue
                yield f"{kind.name}.{name}", field
                for argument_name, argument in field.args.items():
                    yield f"{kind.name}.{name}({argument_name}:)", argument
        case GraphQLInputObjectType():
            for name, input_field in kind.fields.items():
                yield f"{kind.name}.{name}", input_field
        case GraphQLEnumType():
            for name, value in kind.values.items():
                yield f"{kind.name}.{name}", value


def _usual(coordinate: str) -> str | None:
    kind, _, field = coordinate.partition(".")
    if not field:
        return _usual_of_type(kind)
    name, _, argument = field.rstrip(":)").partition("(")
    if argument:
        return _INPUT if argument == "input" else _which(argument)
    if kind.endswith("Payload"):
        return {"errors": _PAYLOAD_ERRORS, "version": _FIELDS["version"]}.get(name, _PAYLOAD)
    if kind.endswith("Input"):
        return _which(name)
    return _FIELDS.get(name)


def _usual_of_type(name: str) -> str | None:
    for ending, text in (("Payload", "What comes of `{}`."), ("Input", "What `{}` needs.")):
        if name.endswith(ending):
            mutation = name.removesuffix(ending)
            return text.format(mutation[:1].lower() + mutation[1:])
    return _ROOTS.get(name)


def _which(name: str) -> str | None:
    """Of an id: that it says which one."""
    if name == "id":
        return "Its id."
    match = _ID.fullmatch(name)
    words = re.sub(r"([A-Z])", r" \1", match[1]).lower() if match else None
    return f"Which {words}, by its id." if words else None
