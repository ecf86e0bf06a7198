"""What an operation is expected to cost, by the graph's `@cost` and `@listSize`, before it runs.

A few hundred characters that go round in a circle of lists stand for millions of objects. An object costs 1,
a leaf nothing, a mutation 10 besides, unless `@cost` says otherwise; a list costs as much as its items, of
which there are as many as `@listSize` or its slicing arguments say. What stands in several fragments is
counted as often. https://ibm.github.io/graphql-specs/cost-spec.html
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, cast

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)

from plait_gateway.errors import OPERATION_TOO_EXPENSIVE
from plait_gateway.pipeline.request import Refused
from plait_gateway.planner import Operation
from plait_schema.supergraph import Costs, ListSize

_MUTATION: Final = 10
_ENDLESS: Final = 1e15

Variables: TypeAlias = Mapping[str, Any]
Amount: TypeAlias = float | Callable[[Variables], float]
"""What does not depend on variables is known at once."""

Refuse: TypeAlias = Callable[[Variables], Refused | None]


@dataclass(frozen=True, slots=True)
class Budget:
    """What operations of a graph may cost, where lists of unknown length are taken for so long."""

    schema: GraphQLSchema
    costs: Costs
    most: int
    list_size: int

    def refusing(self, operation: Operation) -> Refuse | None:
        """What refuses an operation with the variables that make it too expensive; None if none do."""
        amount = _Estimate(self, operation).of_operation()
        if not callable(amount) and amount <= self.most:
            return None

        def refuse(variables: Variables) -> Refused | None:
            expected = amount(variables) if callable(amount) else amount
            if expected <= self.most:
                return None
            written = f"{expected:.0f}" if expected < _ENDLESS else "more than can be counted"
            message = f"The operation is expected to cost {written}; {self.most} are allowed."
            return Refused((OPERATION_TOO_EXPENSIVE.at(None, message),))

        return refuse


@dataclass(slots=True)
class _Estimate:
    budget: Budget
    operation: Operation
    fragments: dict[tuple[str, str, int], tuple[Mapping[str, Amount], Amount]] = field(default_factory=dict)

    def of_operation(self) -> Amount:
        definition = self.operation.definition
        is_mutation = definition.operation is OperationType.MUTATION
        root = self.budget.schema.get_root_type(definition.operation)
        assert root is not None, "the document is valid"
        of_fields = self._of(definition.selection_set, root.name, {})
        return _sum(of_fields, float(_MUTATION * len(definition.selection_set.selections) * is_mutation))

    def _of(self, selection_set: SelectionSetNode, parent: str, sized: Mapping[str, Amount]) -> Amount:
        """Of what is selected of one object; the lists in the `sized` fields have so many items."""
        total: Amount = 0.0
        for selection in selection_set.selections:
            match selection:
                case FieldNode():
                    total = _sum(total, self._of_field(selection, parent, sized))
                case InlineFragmentNode(type_condition=condition, selection_set=inner):
                    kind = parent if condition is None else condition.name.value
                    total = _sum(total, self._of(inner, kind, sized))
                case FragmentSpreadNode(name=name):
                    total = _sum(total, self._of_fragment(name.value, sized))
        return total

    def _of_fragment(self, name: str, sized: Mapping[str, Amount]) -> Amount:
        """Once for each place that sizes its fields otherwise, however often it is spread there."""
        fragment = self.operation.fragments[name]
        kind = fragment.type_condition.name.value
        key = name, kind, id(sized)
        if key not in self.fragments:
            self.fragments[key] = sized, self._of(fragment.selection_set, kind, sized)
        return self.fragments[key][1]

    def _of_field(self, node: FieldNode, parent: str, sized: Mapping[str, Amount]) -> Amount:
        name = node.name.value
        kind = self.budget.schema.get_type(parent)
        if name.startswith("__") or not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            return 0.0
        definition = kind.fields[name]
        coordinate = f"{parent}.{name}"
        size = self.budget.costs.list_sizes.get(coordinate, ListSize())
        asked = self._items(node, definition, size)
        below = dict.fromkeys(size.sized_fields, asked) if asked is not None else {}
        returned = get_named_type(definition.type)
        one: Amount = self._weight(coordinate, returned.name, is_leaf=is_leaf_type(returned))
        if node.selection_set is not None:
            one = _sum(one, self._of(node.selection_set, returned.name, below))
        if not is_list_type(get_nullable_type(definition.type)):
            return one
        if size.sized_fields or asked is None:
            asked = sized.get(name, float(self.budget.list_size))
        return _product(asked, one)

    def _weight(self, coordinate: str, returned: str, *, is_leaf: bool) -> float:
        weights = self.budget.costs.weights
        return float(weights.get(coordinate, weights.get(returned, 0 if is_leaf else 1)))

    def _items(self, node: FieldNode, definition: GraphQLField, size: ListSize) -> Amount | None:
        """As many as the arguments ask for, or as are assumed; None when nothing is known."""
        asked = [self._slice(node, definition, name, size) for name in size.slicing_arguments]
        known = [amount for amount in asked if amount is not None]
        if not known:
            return None if size.assumed is None else float(size.assumed)
        return _largest(known)

    def _slice(self, node: FieldNode, definition: GraphQLField, name: str, size: ListSize) -> Amount | None:
        default = _default_of(definition.args[name]) if name in definition.args else None
        given = next((one.value for one in node.arguments or () if one.name.value == name), None)
        match given:
            case IntValueNode(value=text):
                return max(0.0, float(text))
            case VariableNode(name=variable):
                key, unknown = variable.value, self.budget.list_size if size.assumed is None else size.assumed
                return lambda variables: _count(variables.get(key, default), unknown)
            case None if default is not None:
                return float(default)
            case _:
                return None


def _default_of(argument: GraphQLArgument) -> int | None:
    literal = None if argument.default is None else argument.default.literal
    return int(literal.value) if isinstance(literal, IntValueNode) else None


def _count(value: object, otherwise: int) -> float:
    return float(max(0, value) if isinstance(value, int) else otherwise)


def _sum(left: Amount, right: Amount) -> Amount:
    if callable(left) or callable(right):
        return lambda variables: _at(left, variables) + _at(right, variables)
    return min(_ENDLESS, left + right)


def _product(size: Amount, one: Amount) -> Amount:
    if callable(size) or callable(one):
        return lambda variables: min(_ENDLESS, _at(size, variables) * _at(one, variables))
    return min(_ENDLESS, size * one)


def _largest(amounts: list[Amount]) -> Amount:
    if any(callable(amount) for amount in amounts):
        return lambda variables: max(_at(amount, variables) for amount in amounts)
    return max(cast("list[float]", amounts))


def _at(amount: Amount, variables: Variables) -> float:
    return amount(variables) if callable(amount) else amount
