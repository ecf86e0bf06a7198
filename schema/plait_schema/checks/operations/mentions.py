"""What an operation mentions of a schema: the words in which changes say what they touch.

Schema coordinates (`User.name`, `Query.user(id:)`, `@skip(if:)`, `Input.field`, `Enum.VALUE`), the names of
types that it gets, sends or begins at, and `... on T` for each fragment on a type.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    DirectiveNode,
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    ListTypeNode,
    ListValueNode,
    NonNullTypeNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_enum_type,
    is_input_object_type,
)

from plait_schema.checks.operations.recorded import RecordedOperation, Use


def mentions(operation: RecordedOperation, schema: GraphQLSchema) -> frozenset[str]:
    """Everything that the operation mentions, or can: what a variable holds is unknown unless reported."""
    reported = _reported(operation.uses)
    if operation.document is None:
        return reported or frozenset()
    reader = _Reader(schema, operation.document.definitions, variables_are_known=reported is not None)
    return frozenset(reader.found) | (reported or frozenset())


def _reported(uses: Iterable[Use]) -> frozenset[str] | None:
    """The coordinates that all uses report, and the types that these are of; None if one does not say."""
    found: set[str] = set()
    uses = tuple(uses)
    for use in uses:
        if use.coordinates is None:
            return None
        found.update(name for name, count in use.coordinates.items() if count)
    owners = {name.partition(".")[0].partition("(")[0] for name in found}
    return frozenset(found | owners) if uses else None


class _Reader:
    """Collects mentions from an operation and its fragments."""

    def __init__(
        self, schema: GraphQLSchema, definitions: Iterable[Any], *, variables_are_known: bool
    ) -> None:
        self.found: set[str] = set()
        self._schema = schema
        self._variables_are_known = variables_are_known
        self._directives = {each.name: each for each in schema.directives}
        self._fragments: Mapping[str, FragmentDefinitionNode] = {
            node.name.value: node for node in definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._visited: set[str] = set()
        for node in definitions:
            if isinstance(node, OperationDefinitionNode):
                self._operation(node)

    def _operation(self, node: OperationDefinitionNode) -> None:
        for variable in node.variable_definitions or ():
            self._variable(variable.type)
            if variable.default_value is not None:
                self._value(variable.default_value, self._named(variable.type))
            self._applied(variable.directives)
        self._applied(node.directives)
        if (root := self._schema.get_root_type(node.operation)) is not None:
            self.found.add(root.name)
            self._selections(node.selection_set, root)

    def _selections(self, selection_set: SelectionSetNode, parent: Any) -> None:
        for node in selection_set.selections:
            match node:
                case FieldNode():
                    self._field(node, parent)
                case InlineFragmentNode(type_condition=condition, selection_set=inner):
                    self._applied(node.directives)
                    on = self._condition(condition.name.value) if condition else parent
                    self._selections(inner, on)
                case FragmentSpreadNode(name=name):
                    self._applied(node.directives)
                    self._fragment(name.value)

    def _fragment(self, name: str) -> None:
        fragment = self._fragments.get(name)
        if fragment is not None and name not in self._visited:
            self._visited.add(name)
            self._applied(fragment.directives)
            self._selections(fragment.selection_set, self._condition(fragment.type_condition.name.value))

    def _condition(self, name: str) -> Any:
        self.found |= {name, f"... on {name}"}
        return self._schema.get_type(name)

    def _field(self, node: FieldNode, parent: Any) -> None:
        self._applied(node.directives)
        field = getattr(parent, "fields", {}).get(node.name.value)
        if field is None:
            return
        coordinate = f"{parent.name}.{node.name.value}"
        returned = get_named_type(field.type)
        self.found |= {coordinate, returned.name}
        self._arguments(node.arguments, coordinate, field.args)
        if node.selection_set is not None:
            self._selections(node.selection_set, returned)

    def _applied(self, directives: Iterable[DirectiveNode] | None) -> None:
        for node in directives or ():
            name = node.name.value
            self.found.add(f"@{name}")
            if name in self._directives:
                self._arguments(node.arguments, f"@{name}", self._directives[name].args)

    def _arguments(self, nodes: Iterable[Any] | None, holder: str, known: Mapping[str, Any]) -> None:
        for node in nodes or ():
            self.found.add(f"{holder}({node.name.value}:)")
            if node.name.value in known:
                self._value(node.value, get_named_type(known[node.name.value].type))

    def _value(self, node: ValueNode, type_: Any) -> None:
        match node:
            case ListValueNode(values=values):
                for value in values:
                    self._value(value, type_)
            case ObjectValueNode(fields=fields) if is_input_object_type(type_):
                self.found.add(type_.name)
                for field in fields:
                    name = field.name.value
                    self.found.add(f"{type_.name}.{name}")
                    if name in type_.fields:
                        self._value(field.value, get_named_type(type_.fields[name].type))
            case EnumValueNode(value=value) if is_enum_type(type_):
                self.found |= {type_.name, f"{type_.name}.{value}"}
            case VariableNode():
                pass  # its declaration says what it can hold
            case _ if type_ is not None:
                self.found.add(type_.name)

    def _variable(self, node: TypeNode) -> None:
        type_ = self._named(node)
        if type_ is None:
            return
        self.found.add(type_.name)
        if not self._variables_are_known:
            self._anything(type_)

    def _anything(self, type_: Any) -> None:
        """A variable can hold all fields of its type, and of those in it."""
        waiting, seen = [type_], set[str]()
        while waiting:
            each = waiting.pop()
            if each.name in seen:
                continue
            seen.add(each.name)
            self.found.add(each.name)
            if is_input_object_type(each):
                self.found.update(f"{each.name}.{name}" for name in each.fields)
                waiting += (get_named_type(field.type) for field in each.fields.values())
            elif is_enum_type(each):
                self.found.update(f"{each.name}.{value}" for value in each.values)

    def _named(self, node: TypeNode) -> Any:
        while isinstance(node, ListTypeNode | NonNullTypeNode):
            node = node.type
        return self._schema.get_type(node.name.value) if hasattr(node, "name") else None
