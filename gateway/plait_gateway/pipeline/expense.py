"""What an operation is expected to cost, by the graph's `@cost` and `@listSize`, before it runs.

A few hundred characters that go round in a circle of lists stand for millions of objects. An object costs 1,
a leaf nothing, a mutation 10 besides, unless `@cost` says otherwise; a list costs as much as its items, of
which there are as many as `@listSize` or its slicing arguments say, and an argument that is given what
`@cost` says of it, once. What stands in several fragments is counted as often.
https://ibm.github.io/graphql-specs/cost-spec.html
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

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
from plait_gateway.pipeline.amounts import ENDLESS, Amount, Amounts, Later, worked_out
from plait_gateway.pipeline.request import Refused
from plait_gateway.planner import Operation
from plait_schema.supergraph import Costs, ListSize

_MUTATION: Final = 10

Refuse: TypeAlias = Callable[[Mapping[str, Any]], Refused | None]

_Sized: TypeAlias = Mapping[str, Amount]
"""How long the lists in some fields of an object are."""

_NOTHING_SIZED: Final[_Sized] = {}


@dataclass(frozen=True, slots=True)
class Budget:
    """What operations of a graph may cost, where lists of unknown length are taken for so long."""

    schema: GraphQLSchema
    costs: Costs
    most: int
    list_size: int

    def refusing(self, operation: Operation) -> Refuse | None:
        """What refuses an operation with the variables that make it too expensive; None if none do."""
        estimate = _Estimate(self, operation)
        amount = estimate.of_operation()
        if not isinstance(amount, Later):
            refused = self._refused(amount)
            return None if refused is None else lambda _: refused
        steps = estimate.amounts.steps
        return lambda variables: self._refused(worked_out(amount, steps, variables))

    def expected(self, operation: Operation) -> float:
        """What an operation is expected to cost without variables."""
        estimate = _Estimate(self, operation)
        amount = estimate.of_operation()
        return worked_out(amount, estimate.amounts.steps, {}) if isinstance(amount, Later) else amount

    def _refused(self, expected: float) -> Refused | None:
        if expected <= self.most:
            return None
        written = f"{expected:.0f}" if expected < ENDLESS else "more than can be counted"
        message = f"The operation is expected to cost {written}; {self.most} are allowed."
        return Refused((OPERATION_TOO_EXPENSIVE.at(None, message),))


@dataclass(slots=True)
class _Estimate:
    budget: Budget
    operation: Operation
    amounts: Amounts = field(default_factory=Amounts)
    fragments: dict[tuple[str, frozenset[tuple[str, Amount]]], Amount] = field(default_factory=dict)

    def of_operation(self) -> Amount:
        definition = self.operation.definition
        is_mutation = definition.operation is OperationType.MUTATION
        root = self.budget.schema.get_root_type(definition.operation)
        assert root is not None, "the document is valid"
        of_fields = self._of(definition.selection_set, root.name, _NOTHING_SIZED)
        besides = float(_MUTATION * len(definition.selection_set.selections) * is_mutation)
        return self.amounts.sum((of_fields, besides))

    def _of(self, selection_set: SelectionSetNode, parent: str, sized: _Sized) -> Amount:
        """Of what is selected of one object."""
        return self.amounts.sum(self._each_of(selection_set, parent, sized))

    def _each_of(self, selection_set: SelectionSetNode, parent: str, sized: _Sized) -> Iterator[Amount]:
        for selection in selection_set.selections:
            match selection:
                case FieldNode():
                    yield self._of_field(selection, parent, sized)
                case InlineFragmentNode(type_condition=condition, selection_set=inner):
                    yield self._of(inner, parent if condition is None else condition.name.value, sized)
                case FragmentSpreadNode(name=name):
                    yield self._of_fragment(name.value, sized)

    def _of_fragment(self, name: str, sized: _Sized) -> Amount:
        """Looked at once for each way in which its fields are sized, however often it is spread."""
        key = name, frozenset(sized.items())
        if key not in self.fragments:
            fragment = self.operation.fragments[name]
            self.fragments[key] = self._of(fragment.selection_set, fragment.type_condition.name.value, sized)
        return self.fragments[key]

    def _of_field(self, node: FieldNode, parent: str, sized: _Sized) -> Amount:
        name = node.name.value
        kind = self.budget.schema.get_type(parent)
        if name.startswith("__") or not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            return 0.0
        definition = kind.fields[name]
        coordinate = f"{parent}.{name}"
        size = self.budget.costs.list_sizes.get(coordinate, ListSize())
        asked = self._items(node, definition, size)
        below = _NOTHING_SIZED if asked is None else dict.fromkeys(size.sized_fields, asked)
        returned = get_named_type(definition.type)
        one: Amount = self._weight(coordinate, returned.name, is_leaf=is_leaf_type(returned))
        if node.selection_set is not None:
            one = self.amounts.sum((one, self._of(node.selection_set, returned.name, below)))
        if is_list_type(get_nullable_type(definition.type)):
            if size.sized_fields or asked is None:
                asked = sized.get(name, float(self.budget.list_size))
            one = self.amounts.product(asked, one)
        return self.amounts.sum((one, self._of_arguments(node, coordinate)))

    def _of_arguments(self, node: FieldNode, coordinate: str) -> float:
        weights = self.budget.costs.weights
        given = (argument.name.value for argument in node.arguments or ())
        return float(sum(weights.get(f"{coordinate}({name}:)", 0) for name in given))

    def _weight(self, coordinate: str, returned: str, *, is_leaf: bool) -> float:
        weights = self.budget.costs.weights
        return float(weights.get(coordinate, weights.get(returned, 0 if is_leaf else 1)))

    def _items(self, node: FieldNode, definition: GraphQLField, size: ListSize) -> Amount | None:
        """As many as the arguments ask for, or as are assumed; None when nothing is known."""
        asked = [self._slice(node, definition, name, size) for name in size.slicing_arguments]
        known = [amount for amount in asked if amount is not None]
        if not known:
            return None if size.assumed is None else float(size.assumed)
        return self.amounts.largest(known)

    def _slice(self, node: FieldNode, definition: GraphQLField, name: str, size: ListSize) -> Amount | None:
        default = _default_of(definition.args[name]) if name in definition.args else None
        given = next((one.value for one in node.arguments or () if one.name.value == name), None)
        match given:
            case IntValueNode(value=text):
                return max(0.0, float(text))
            case VariableNode(name=variable):
                otherwise = self.budget.list_size if size.assumed is None else size.assumed
                return self.amounts.given(variable.value, default, otherwise)
            case None if default is not None:
                return float(default)
            case _:
                return None


def _default_of(argument: GraphQLArgument) -> int | None:
    literal = None if argument.default is None else argument.default.literal
    return int(literal.value) if isinstance(literal, IntValueNode) else None
