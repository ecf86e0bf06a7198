"""Random edits of a schema: of its fields, arguments, input fields, values, members, roots and directives."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from graphql import (
    DocumentNode,
    EnumTypeDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    ListTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    UnionTypeDefinitionNode,
    build_ast_schema,
    parse,
    parse_type,
    validate_schema,
)

EXTRA = """
directive @mark(of: Int = 1, as: String) repeatable on FIELD | QUERY
directive @once on FIELD | FRAGMENT_SPREAD
input Choice @oneOf { word: String number: Int }
extend type Query { chosen(by: Choice, also: [Choice!]): Int }
"""
"""What the random schemas of composition lack."""


def parsed(sdl: str) -> DocumentNode:
    """The document of a random schema, with directives and a `@oneOf` input object, and no extensions."""
    document = parse(sdl + EXTRA, no_location=True)
    extension = next(node for node in document.definitions if type(node).__name__.endswith("ExtensionNode"))
    query = next(node for node in document.definitions if getattr(node, "name", None) == extension.name)  # type: ignore[attr-defined]  # it extends a type
    whole = replace(query, fields=(*query.fields, *extension.fields))  # type: ignore[call-arg,attr-defined]
    definitions = tuple(
        whole if node is query else node for node in document.definitions if node is not extension
    )
    return DocumentNode(definitions=definitions)


def built(document: DocumentNode) -> GraphQLSchema | None:
    """The schema, if it is one."""
    try:
        schema = build_ast_schema(document)
    except (GraphQLError, TypeError, KeyError):
        return None
    return None if validate_schema(schema) else schema


def edited(document: DocumentNode, chance: random.Random, edits: Sequence["Edit"]) -> DocumentNode:
    """The document after one edit that leaves a valid schema; the same if none does."""
    for _ in range(8):
        place = chance.randrange(len(document.definitions))
        node: Any = document.definitions[place]
        changed = chance.choice(edits)(node, chance)
        if changed is None:
            continue
        kept = () if changed is REMOVED else (changed,)
        found = DocumentNode(
            definitions=(*document.definitions[:place], *kept, *document.definitions[place + 1 :])
        )
        if built(found) is not None:
            return found
    return document


Edit = Callable[[Any, random.Random], Any]
REMOVED = object()

_TYPES = ("Int", "Int!", "String", "[Int]", "[Int!]!", "ID")


def remove_definition(node: Any, _: random.Random) -> Any:
    return REMOVED


def remove_part(node: Any, chance: random.Random) -> Any:
    """A field, a value, a member, an interface, a place or an argument."""
    key = _key(node, chance, "fields", "values", "types", "interfaces", "locations", "arguments")
    if key is None:
        return None
    parts = getattr(node, key)
    gone = chance.choice(parts)
    return replace(node, **{key: tuple(part for part in parts if part is not gone)})


def change_type(node: Any, chance: random.Random) -> Any:
    """Of a field or input field: non-null or not, a list or not, or another type."""
    return _with_part(node, chance, "fields", lambda part: replace(part, type=_other_type(part.type, chance)))


def change_argument(node: Any, chance: random.Random) -> Any:
    """Of a field: its type, or its default value."""

    def changed(argument: Any) -> Any:
        if chance.random() < 0.5:
            return _with_default(argument, chance)
        return replace(argument, type=_other_type(argument.type, chance))

    def of_field(part: Any) -> Any:
        return _with_part(part, chance, "arguments", changed)

    if getattr(node, "arguments", None):
        return _with_part(node, chance, "arguments", changed)
    return _with_part(node, chance, "fields", of_field)


def remove_argument(node: Any, chance: random.Random) -> Any:
    def of_field(part: Any) -> Any:
        return replace(part, arguments=part.arguments[1:]) if getattr(part, "arguments", None) else None

    return _with_part(node, chance, "fields", of_field)


def change_default(node: Any, chance: random.Random) -> Any:
    """Of an input field."""
    if not isinstance(node, InputObjectTypeDefinitionNode):
        return None
    return _with_part(node, chance, "fields", lambda part: _with_default(part, chance))


def add_field(node: Any, chance: random.Random) -> Any:
    """A field, or an input field, which may be required."""
    if not getattr(node, "fields", None):
        return None
    text = f"{{ added{chance.randrange(9)}: {chance.choice(_TYPES)} }}"
    kind = "input" if isinstance(node, InputObjectTypeDefinitionNode) else "type"
    (definition,) = parse(f"{kind} X {text}", no_location=True).definitions
    return replace(node, fields=(*node.fields, *definition.fields))  # type: ignore[attr-defined]  # it has some


def add_optional_input_field(node: Any, chance: random.Random) -> Any:
    if not isinstance(node, InputObjectTypeDefinitionNode):
        return None
    (definition,) = parse(f"input X {{ added{chance.randrange(9)}: Int }}", no_location=True).definitions
    return replace(node, fields=(*(node.fields or ()), *definition.fields))  # type: ignore[attr-defined]


def add_output_field(node: Any, chance: random.Random) -> Any:
    return add_field(node, chance) if isinstance(node, ObjectTypeDefinitionNode) else None


def add_argument(node: Any, chance: random.Random) -> Any:
    """An argument of a field, which may be required."""
    return _with_argument(node, chance, chance.choice(("Int", "Int!", "Int! = 3")))


def add_optional_argument(node: Any, chance: random.Random) -> Any:
    return _with_argument(node, chance, chance.choice(("Int", "Int! = 3")))


def add_value(node: Any, chance: random.Random) -> Any:
    if not isinstance(node, EnumTypeDefinitionNode):
        return None
    (definition,) = parse(f"enum X {{ ADDED{chance.randrange(9)} }}", no_location=True).definitions
    return replace(node, values=(*(node.values or ()), *definition.values))  # type: ignore[attr-defined]


def toggle_one_of(node: Any, _: random.Random) -> Any:
    if not isinstance(node, InputObjectTypeDefinitionNode):
        return None
    (definition,) = parse("input X @oneOf { a: Int }", no_location=True).definitions
    has = any(each.name.value == "oneOf" for each in node.directives or ())
    return replace(node, directives=() if has else definition.directives)  # type: ignore[attr-defined]


def promise_more(node: Any, chance: random.Random) -> Any:
    """A field of an object type that is no longer null."""
    if not isinstance(node, ObjectTypeDefinitionNode):
        return None
    return _with_part(
        node,
        chance,
        "fields",
        lambda part: (
            None
            if isinstance(part.type, NonNullTypeNode)
            else replace(part, type=NonNullTypeNode(type=part.type))
        ),
    )


def add_member(node: Any, chance: random.Random) -> Any:
    """An object type of the same schema, by its name."""
    if not isinstance(node, UnionTypeDefinitionNode):
        return None
    (definition,) = parse(f"union X = {chance.choice(('Query', 'Entity0', 'Value0'))}").definitions
    return replace(node, types=(*(node.types or ()), *definition.types))  # type: ignore[attr-defined]


ANY: tuple[Edit, ...] = (
    remove_definition,
    remove_part,
    remove_part,
    change_type,
    change_type,
    change_argument,
    change_argument,
    remove_argument,
    change_default,
    add_field,
    add_argument,
    add_value,
    add_member,
    toggle_one_of,
)

GENTLE: tuple[Edit, ...] = (
    add_output_field,
    add_optional_argument,
    add_optional_input_field,
    add_value,
    add_member,
    promise_more,
)
"""Edits that break nobody, whatever they meet, unless shapes beside each other differ."""


def _key(node: Any, chance: random.Random, *keys: str) -> str | None:
    found = [key for key in keys if len(getattr(node, key, None) or ()) > 0]
    return chance.choice(found) if found else None


def _with_part(node: Any, chance: random.Random, key: str, change: Callable[[Any], Any]) -> Any:
    parts = getattr(node, key, None)
    if not parts or not hasattr(parts[0], "name"):
        return None
    place = chance.randrange(len(parts))
    changed = change(parts[place])
    return None if changed is None else replace(node, **{key: (*parts[:place], changed, *parts[place + 1 :])})


def _with_argument(node: Any, chance: random.Random, type_: str) -> Any:
    (definition,) = parse(
        f"type X {{ f(added{chance.randrange(9)}: {type_}): Int }}", no_location=True
    ).definitions
    added = definition.fields[0].arguments  # type: ignore[attr-defined]  # it has one
    if not isinstance(node, ObjectTypeDefinitionNode):
        return None
    return _with_part(
        node, chance, "fields", lambda part: replace(part, arguments=(*(part.arguments or ()), *added))
    )


def _other_type(type_: Any, chance: random.Random) -> Any:
    match chance.randrange(5):
        case 0 | 1 if isinstance(type_, NonNullTypeNode):
            return type_.type
        case 0 | 1:
            return NonNullTypeNode(type=type_)
        case 2:
            return ListTypeNode(type=type_)
        case 3 if isinstance(type_, ListTypeNode):
            return type_.type
        case _:
            return parse_type(chance.choice(_TYPES), no_location=True)


def _with_default(value: Any, chance: random.Random) -> Any:
    if value.default_value is not None and chance.random() < 0.5:
        return replace(value, default_value=None)
    (definition,) = parse(f"input X {{ a: Int = {chance.randrange(9)} }}", no_location=True).definitions
    return replace(value, default_value=definition.fields[0].default_value)  # type: ignore[attr-defined]
