"""Random operations on any schema: fragments, aliases, literals, variables, directives."""

import random
from collections.abc import Iterable
from typing import Any

from graphql import (
    GraphQLSchema,
    VariableDefinitionNode,
    get_named_type,
    is_abstract_type,
    is_enum_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
    is_required_argument,
    is_required_input_field,
    type_from_ast,
)


def random_operation(chance: random.Random, schema: GraphQLSchema, *, depth: int = 3) -> str:
    """A query, mostly valid."""
    writer = _Writer(chance, schema)
    selection = writer.selection(schema.query_type, depth)
    declared = ", ".join(f"${name}: {type_}" for name, type_ in writer.variables.items())
    head = f"query Random({declared})" if declared else "query Random"
    mark = " @mark" if chance.random() < 0.2 else ""
    return f"{head}{mark} {selection}{''.join(writer.fragments)}"


def random_variables(
    chance: random.Random, schema: GraphQLSchema, definitions: Iterable[VariableDefinitionNode]
) -> dict[str, Any]:
    """Values that the schema accepts; now and then, one that may be left out is."""
    values = {}
    for definition in definitions:
        type_ = type_from_ast(schema, definition.type)
        is_needed = is_non_null_type(type_) and definition.default_value is None
        if is_needed or chance.random() < 0.8:
            values[definition.variable.name.value] = _json(chance, type_, 3)
    return values


def _json(chance: random.Random, type_: Any, depth: int) -> Any:
    if is_non_null_type(type_):
        return _json_value(chance, type_.of_type, depth)
    return None if chance.random() < 0.15 else _json_value(chance, type_, depth)


def _json_value(chance: random.Random, type_: Any, depth: int) -> Any:
    if is_list_type(type_):
        return [_json(chance, type_.of_type, depth - 1) for _ in range(chance.randrange(3))]
    if is_enum_type(type_):
        return chance.choice(list(type_.values))
    if is_input_object_type(type_):
        if type_.is_one_of:
            name = chance.choice(list(type_.fields))
            return {name: _json_value(chance, type_.fields[name].type, depth - 1)}
        return {
            name: _json(chance, field.type, depth - 1)
            for name, field in type_.fields.items()
            if is_required_input_field(field) or (depth > 0 and chance.random() < 0.5)
        }
    return {"Boolean": True, "String": "x", "ID": "1", "Float": 1.5}.get(type_.name, chance.randrange(9))


class _Writer:
    def __init__(self, chance: random.Random, schema: GraphQLSchema) -> None:
        self.chance = chance
        self.schema = schema
        self.variables: dict[str, str] = {}
        self.fragments: list[str] = []

    def selection(self, parent: Any, depth: int) -> str:
        parts = [self.part(parent, depth) for _ in range(self.chance.randrange(1, 5))]
        return "{ " + " ".join(part for part in parts if part) + " __typename }"

    def part(self, parent: Any, depth: int) -> str:
        roll = self.chance.random()
        if depth > 0 and is_abstract_type(parent) and roll < 0.8:
            on = self.chance.choice([*self.schema.get_possible_types(parent), parent])
            return self.fragment(on, depth)
        if depth > 0 and is_object_type(parent) and roll < 0.12:
            unions = [
                each
                for each in self.schema.type_map.values()
                if is_abstract_type(each) and parent in self.schema.get_possible_types(each)
            ]
            return self.fragment(self.chance.choice([parent, *unions]), depth)
        fields = getattr(parent, "fields", {})
        is_leaf = {name: is_leaf_type(get_named_type(field.type)) for name, field in fields.items()}
        names = [name for name in fields if depth > 0 or is_leaf[name]]
        if not names:
            return ""
        name = self.chance.choice(names)
        field = fields[name]
        named = get_named_type(field.type)
        alias = f"k{self.chance.randrange(4)}: " if self.chance.random() < 0.12 else ""
        arguments = self.arguments(field.args)
        inner = "" if is_leaf_type(named) else " " + self.selection(named, depth - 1)
        return f"{alias}{name}{arguments}{self.directive()}{inner}"

    def fragment(self, on: Any, depth: int) -> str:
        body = self.selection(on, depth - 1)
        if self.chance.random() < 0.3:
            name = f"F{len(self.fragments)}"
            self.fragments.append(f"\nfragment {name} on {on} {body}")
            return f"...{name}{' @once' if self.chance.random() < 0.2 else ''}"
        return f"... on {on} {body}"

    def arguments(self, arguments: Any) -> str:
        given = [
            f"{name}: {self.value(argument.type, 2)}"
            for name, argument in arguments.items()
            if is_required_argument(argument) or self.chance.random() < 0.6
        ]
        return f"({', '.join(given)})" if given else ""

    def value(self, type_: Any, depth: int) -> str:
        if self.chance.random() < 0.35:
            name = f"v{len(self.variables)}"
            self.variables[name] = str(type_)
            return f"${name}"
        if is_non_null_type(type_):
            return self.literal(type_.of_type, depth)
        return "null" if self.chance.random() < 0.1 else self.literal(type_, depth)

    def literal(self, type_: Any, depth: int) -> str:
        if is_list_type(type_):
            items = [self.value(type_.of_type, depth) for _ in range(self.chance.randrange(3))]
            return f"[{', '.join(items)}]"
        if is_non_null_type(type_):
            return self.literal(type_.of_type, depth)
        if is_enum_type(type_):
            return str(self.chance.choice(list(type_.values)))
        if is_input_object_type(type_):
            return self.input_object(type_, depth)
        return {"Boolean": "true", "String": '"x"'}.get(type_.name, str(self.chance.randrange(9)))

    def input_object(self, type_: Any, depth: int) -> str:
        if type_.is_one_of:
            name = self.chance.choice(list(type_.fields))
            return f"{{ {name}: {self.literal(type_.fields[name].type, depth - 1)} }}"
        given = [
            f"{name}: {self.value(field.type, depth - 1)}"
            for name, field in type_.fields.items()
            if is_required_input_field(field) or (depth > 0 and self.chance.random() < 0.5)
        ]
        return f"{{ {', '.join(given)} }}"

    def directive(self) -> str:
        if self.chance.random() < 0.85:
            return ""
        return self.chance.choice((" @once", " @mark(of: 2)", ' @mark(as: "x") @mark', " @mark"))
