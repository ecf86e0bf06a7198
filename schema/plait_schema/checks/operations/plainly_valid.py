"""Operations that are valid for reasons that one walk sees, which nearly all operations of clients are.

Validation by all rules takes ten times as long, of which a check has no need where thousands of operations
are recorded. What is said here is never more than the rules say: whatever needs a second look, as two
fields of one response key that have selections, is left to them.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    StringValueNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    do_types_overlap,
    get_named_type,
    is_composite_type,
    is_enum_type,
    is_input_object_type,
    is_input_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
    type_from_ast,
)

_MOST_SELECTIONS: Final = 5_000  # a fragment counts wherever it is spread
_MOST_FRAGMENTS: Final = 40  # within one another
_DIGITS: Final = 9  # of whole numbers: all of them fit into an Int
_CONDITIONS: Final = ("skip", "include")


class _NotPlain(Exception):  # noqa: N818 - what is not plain need not be wrong
    """The rules of the specification have to be asked."""


def is_plainly_valid(document: DocumentNode, schema: GraphQLSchema) -> bool:
    """Whether the document's one operation is valid (specification, section 5); False says nothing."""
    try:
        _Walk(document, schema).operation()
    except _NotPlain:
        return False
    return True


class _Walk:
    """Through the operation once, and through a fragment wherever it is spread."""

    def __init__(self, document: DocumentNode, schema: GraphQLSchema) -> None:
        self._schema = schema
        nodes = document.definitions
        fragments = [node for node in nodes if isinstance(node, FragmentDefinitionNode)]
        operations = [node for node in nodes if isinstance(node, OperationDefinitionNode)]
        self._fragments = {node.name.value: node for node in fragments}
        _require(len(operations) == 1 and len(nodes) == 1 + len(self._fragments))
        self._operation = operations[0]
        self._variables: dict[str, str] = {}  # name -> type
        self._used: set[str] = set()
        self._spread: set[str] = set()
        self._within: list[str] = []
        self._selections = 0

    def operation(self) -> None:
        """Raises _NotPlain."""
        node = self._operation
        _require(node.operation is not OperationType.SUBSCRIPTION and not node.directives)
        for variable in node.variable_definitions or ():
            self._declare(variable)
        root = self._schema.get_root_type(node.operation)
        _require(root is not None)
        self._select(node.selection_set, root, {})
        _require(self._used == self._variables.keys() and self._spread == self._fragments.keys())

    def _declare(self, node: VariableDefinitionNode) -> None:
        name, type_ = node.variable.name.value, type_from_ast(self._schema, node.type)
        _require(is_input_type(type_) and name not in self._variables)
        _require(node.default_value is None and not node.directives)
        self._variables[name] = str(type_)

    def _select(self, selection_set: SelectionSetNode, parent: Any, keys: dict[str, str]) -> None:
        """`keys` are the response keys so far, with what stands under those of leaves."""
        self._selections += len(selection_set.selections)
        _require(self._selections <= _MOST_SELECTIONS)
        for node in selection_set.selections:
            self._apply(node.directives or ())
            match node:
                case FieldNode():
                    self._field(node, parent, keys)
                case InlineFragmentNode(type_condition=condition):
                    inner = parent if condition is None else self._condition(condition.name.value, parent)
                    self._select(node.selection_set, inner, keys)
                case FragmentSpreadNode(name=name):
                    _require(not node.arguments)
                    self._fragment(name.value, parent, keys)

    def _field(self, node: FieldNode, parent: Any, keys: dict[str, str]) -> None:
        name = node.name.value
        if name == "__typename":
            _require(not node.arguments and node.selection_set is None)
            self._answer(node, "String!", keys)
            return
        field: Any = getattr(parent, "fields", {}).get(name)
        _require(field is not None)
        self._give(node.arguments or (), field.args, is_required_argument)
        named = get_named_type(field.type)
        if node.selection_set is None:
            _require(is_leaf_type(named))
            self._answer(node, str(field.type), keys)
        else:
            _require(not is_leaf_type(named))
            self._answer(node, "", keys)
            self._select(node.selection_set, named, {})

    def _answer(self, node: FieldNode, type_: str, keys: dict[str, str]) -> None:
        """Several fields under one response key are plain where they are the same leaf without arguments."""
        key = node.alias.value if node.alias else node.name.value
        said = f"{node.name.value}: {type_}" if type_ and not node.arguments else ""
        _require(key not in keys or (said != "" and keys[key] == said))
        keys[key] = said

    def _fragment(self, name: str, parent: Any, keys: dict[str, str]) -> None:
        fragment = self._fragments.get(name)
        _require(fragment is not None and name not in self._within)
        _require(len(self._within) < _MOST_FRAGMENTS)
        assert fragment is not None
        _require(not fragment.directives and not fragment.variable_definitions)
        self._spread.add(name)
        self._within.append(name)
        on = self._condition(fragment.type_condition.name.value, parent)
        self._select(fragment.selection_set, on, keys)
        self._within.pop()

    def _condition(self, name: str, parent: Any) -> Any:
        on: Any = self._schema.get_type(name)
        _require(is_composite_type(on) and (on is parent or do_types_overlap(self._schema, on, parent)))
        return on

    def _apply(self, directives: Iterable[DirectiveNode]) -> None:
        names = [node.name.value for node in directives]
        _require(len(set(names)) == len(names))
        for node in directives:
            directive = self._schema.get_directive(node.name.value)
            _require(directive is not None and directive.name in _CONDITIONS)
            assert directive is not None
            self._give(node.arguments or (), directive.args, is_required_argument)

    def _give(self, nodes: Iterable[Any], known: Mapping[str, Any], is_required: Any) -> None:
        """Arguments, or fields of an input object."""
        given = {node.name.value: node.value for node in nodes}
        _require(len(given) == sum(1 for _ in nodes) and given.keys() <= known.keys())
        for name, place in known.items():
            if name in given:
                self._fit(given[name], place.type)
            else:
                _require(not is_required(place))

    def _fit(self, node: ValueNode, type_: Any) -> None:
        match node:
            case VariableNode(name=name):
                declared, expected = self._variables.get(name.value), str(type_)
                _require(declared in (expected, f"{expected}!"))
                self._used.add(name.value)
                return
            case NullValueNode():
                _require(not is_non_null_type(type_))
                return
        if is_non_null_type(type_):
            type_ = type_.of_type
        match node:
            case ListValueNode(values=values):
                _require(is_list_type(type_))
                for value in values:
                    self._fit(value, type_.of_type)
            case _ if is_list_type(type_):
                self._fit(node, type_.of_type)
            case ObjectValueNode(fields=fields):
                _require(is_input_object_type(type_) and not type_.is_one_of)
                self._give(fields, type_.fields, is_required_input_field)
            case EnumValueNode(value=value):
                _require(is_enum_type(type_) and value in type_.values)
            case IntValueNode(value=value):
                _require(len(value) <= _DIGITS and type_.name in ("Int", "Float", "ID"))
            case StringValueNode():
                _require(type_.name in ("String", "ID"))
            case BooleanValueNode():
                _require(type_.name == "Boolean")
            case _:
                raise _NotPlain


def _require(holds: bool) -> None:
    if not holds:
        raise _NotPlain
