"""Whether a response's data is one that a valid operation can have (specification, section 6)."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    is_abstract_type,
    is_leaf_type,
)

from tests.gateway.executor.world import ClientOperation


def violations(data: Any, operation: ClientOperation, schema: GraphQLSchema) -> list[str]:
    """What is wrong; the operation asks `__typename` of every object, and has no @skip or @include."""
    root = schema.get_root_type(operation.definition.operation)
    assert root is not None
    if data is None:
        return []
    return list(_Check(operation, schema).object(root, [operation.definition.selection_set], data, "data"))


class _Check:
    def __init__(self, operation: ClientOperation, schema: GraphQLSchema) -> None:
        self.operation = operation
        self.schema = schema

    def object(
        self, declared: Any, selection_sets: list[SelectionSetNode], value: Any, at: str
    ) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{at}: not an object"
            return
        name = value.get("__typename")
        runtime = self.schema.get_type(name) if isinstance(name, str) else None
        possible = self.schema.get_possible_types(declared) if is_abstract_type(declared) else [declared]
        if runtime not in possible:
            yield f"{at}: {name!r} is no {declared}"
            return
        fields: dict[str, list[FieldNode]] = {}
        for selection_set in selection_sets:
            self.collect(selection_set, runtime, fields)
        if list(value) != list(fields):
            yield f"{at}: has {list(value)}, selected are {list(fields)}"
            return
        for key, nodes in fields.items():
            if (field_name := nodes[0].name.value) != "__typename":
                field: Any = runtime
                nested = [node.selection_set for node in nodes if node.selection_set]
                yield from self.value(field.fields[field_name].type, nested, value[key], f"{at}.{key}")

    def value(self, declared: Any, nested: list[SelectionSetNode], value: Any, at: str) -> Iterator[str]:
        if isinstance(declared, GraphQLNonNull):
            if value is None:
                yield f"{at}: null"
                return
            declared = declared.of_type
        if value is None:
            return
        if isinstance(declared, GraphQLList):
            if not isinstance(value, list):
                yield f"{at}: not a list"
                return
            for index, item in enumerate(value):
                yield from self.value(declared.of_type, nested, item, f"{at}.{index}")
        elif is_leaf_type(declared):
            yield from self.leaf(declared, value, at)
        else:
            yield from self.object(declared, nested, value, at)

    def leaf(self, declared: Any, value: Any, at: str) -> Iterator[str]:
        kinds: dict[str, tuple[type, ...]] = {
            "Int": (int,),
            "Float": (int, float),
            "String": (str,),
            "ID": (str,),
            "Boolean": (bool,),
        }
        if declared.name in kinds:
            fits = type(value) in kinds[declared.name]
        else:
            fits = value in getattr(declared, "values", [value])
        if not fits:
            yield f"{at}: {value!r} is no {declared}"

    def collect(
        self, selection_set: SelectionSetNode, runtime: Any, fields: dict[str, list[FieldNode]]
    ) -> None:
        for selection in selection_set.selections:
            match selection:
                case FieldNode():
                    fields.setdefault((selection.alias or selection.name).value, []).append(selection)
                case InlineFragmentNode(type_condition=condition, selection_set=inner):
                    if condition is None or self.includes(condition.name.value, runtime):
                        self.collect(inner, runtime, fields)
                case FragmentSpreadNode(name=name):
                    fragment = self.operation.fragments[name.value]
                    if self.includes(fragment.type_condition.name.value, runtime):
                        self.collect(fragment.selection_set, runtime, fields)

    def includes(self, condition: str, runtime: Any) -> bool:
        wanted = self.schema.get_type(condition)
        return wanted is runtime or (is_abstract_type(wanted) and self.schema.is_sub_type(wanted, runtime))
