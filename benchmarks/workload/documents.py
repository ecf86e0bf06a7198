"""The answers that graphql-core would give, some thirty times faster.

A document is turned into nested functions once. graphql-core answers it, too, the first few times that it
is asked; when the two differ the answer is an error, and the benchmark invalid.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    execute_sync,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    parse,
    validate,
    value_from_ast,
)

from benchmarks.workload.records import Record
from benchmarks.workload.resolvers import Resolvers

Variables: TypeAlias = Mapping[str, Any]
Answer: TypeAlias = Callable[[Any, Variables], Any]

_TRIALS: Final = 3


class NotAnsweredError(Exception):
    """A document that cannot be answered, with the reason."""


@dataclass
class Document:
    """One query text over a schema; `answer` gives the data for the variables."""

    schema: GraphQLSchema
    resolvers: Resolvers
    node: DocumentNode
    fast: Answer
    trials: int = field(default=0)

    def answer(self, variables: Variables) -> Record:
        """Raises NotAnsweredError when graphql-core has errors, or does not say the same."""
        found: Record = self.fast({}, variables)
        if self.trials < _TRIALS:
            self.trials += 1
            truth = execute_by_graphql_core(self.schema, self.resolvers, self.node, variables)
            if truth.errors:
                raise NotAnsweredError(truth.errors[0].message)
            if truth.data != found:
                raise NotAnsweredError("the compiled document and graphql-core differ")
        return found


def read_document(schema: GraphQLSchema, resolvers: Resolvers, text: str) -> Document:
    """Raises NotAnsweredError for what is invalid, or cannot be compiled."""
    try:
        node = parse(text)
    except GraphQLError as error:
        raise NotAnsweredError(error.message) from error
    if errors := validate(schema, node):
        raise NotAnsweredError(errors[0].message)
    return Document(schema, resolvers, node, _Compiler(schema, resolvers, node).operation())


def execute_by_graphql_core(
    schema: GraphQLSchema, resolvers: Resolvers, document: DocumentNode, variables: Variables
) -> ExecutionResult:
    """The truth."""

    def resolve(record: Record, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        resolver = resolvers.get((info.parent_type.name, info.field_name))
        return record.get(info.field_name) if resolver is None else resolver(record, given)

    return execute_sync(
        schema,
        document,
        root_value={},
        variable_values=dict(variables),
        field_resolver=resolve,
        type_resolver=lambda record, *_: record["__typename"],
    )


class _Compiler:
    def __init__(self, schema: GraphQLSchema, resolvers: Resolvers, document: DocumentNode) -> None:
        self._schema = schema
        self._resolvers = resolvers
        self._document = document
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }

    def operation(self) -> Answer:
        [node] = (one for one in self._document.definitions if isinstance(one, OperationDefinitionNode))
        root = self._schema.get_root_type(node.operation)
        assert root is not None
        return self._object(root, (node.selection_set,))

    def _object(self, parent: GraphQLObjectType, selections: Iterable[SelectionSetNode]) -> Answer:
        collected: dict[str, list[FieldNode]] = {}
        for selection_set in selections:
            self._collect(parent, selection_set, collected)
        fields = tuple((key, self._field(parent, nodes)) for key, nodes in collected.items())
        return lambda record, variables: {key: answer(record, variables) for key, answer in fields}

    def _collect(
        self, parent: GraphQLObjectType, selections: SelectionSetNode, into: dict[str, list[FieldNode]]
    ) -> None:
        for node in selections.selections:
            if node.directives:
                raise NotAnsweredError("directives are not compiled")
            match node:
                case FieldNode():
                    into.setdefault((node.alias or node.name).value, []).append(node)
                case InlineFragmentNode(type_condition=None):
                    self._collect(parent, node.selection_set, into)
                case InlineFragmentNode(type_condition=condition) if condition is not None:
                    self._collect_if(parent, condition.name.value, node.selection_set, into)
                case FragmentSpreadNode():
                    fragment = self._fragments[node.name.value]
                    self._collect_if(parent, fragment.type_condition.name.value, fragment.selection_set, into)

    def _collect_if(
        self,
        parent: GraphQLObjectType,
        condition: str,
        selections: SelectionSetNode,
        into: dict[str, list[FieldNode]],
    ) -> None:
        kind = self._schema.get_type(condition)
        if kind is parent or (is_abstract_type(kind) and self._schema.is_sub_type(kind, parent)):
            self._collect(parent, selections, into)

    def _field(self, parent: GraphQLObjectType, nodes: list[FieldNode]) -> Answer:
        name = nodes[0].name.value
        if name == "__typename":
            return lambda _, __: parent.name
        resolver = self._resolvers.get((parent.name, name))
        resolve: Answer
        if resolver is None:
            resolve = lambda record, _: record.get(name)  # noqa: E731 -- one of two
        else:
            arguments = self._arguments(parent, nodes[0])
            resolve = lambda record, variables: resolver(record, arguments(variables))  # noqa: E731
        kind = parent.fields[name].type
        if is_leaf_type(get_named_type(kind)):
            return resolve
        complete = self._composite(kind, [node.selection_set for node in nodes if node.selection_set])

        def answer(record: Any, variables: Variables) -> Any:
            value = resolve(record, variables)
            if isinstance(value, list):
                return [None if one is None else complete(one, variables) for one in value]
            return None if value is None else complete(value, variables)

        return answer

    def _composite(self, kind: GraphQLOutputType, selections: list[SelectionSetNode]) -> Answer:
        named = get_named_type(kind)
        if isinstance(named, GraphQLObjectType):
            return self._object(named, selections)
        assert is_abstract_type(named)
        members = {
            member.name: self._object(member, selections) for member in self._schema.get_possible_types(named)
        }
        return lambda record, variables: members[record["__typename"]](record, variables)

    def _arguments(self, parent: GraphQLObjectType, node: FieldNode) -> Callable[[Variables], Record]:
        given = {one.name.value: one.value for one in node.arguments or ()}
        constants: Record = {}
        variables: dict[str, str] = {}
        for name, argument in parent.fields[node.name.value].args.items():
            value = given.get(name)
            if isinstance(value, VariableNode):
                variables[name] = value.name.value
            elif value is not None:
                constants[name] = value_from_ast(value, argument.type)
            elif argument.default is not None:
                constants[name] = value_from_ast(argument.default.literal, argument.type)
        return lambda found: constants | {name: found[variable] for name, variable in variables.items()}
