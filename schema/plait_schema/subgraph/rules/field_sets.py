"""What is asked of every field set, whichever directive it belongs to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldDefinitionNode,
    FieldNode,
    FieldsOnCorrectTypeRule,
    FragmentDefinitionNode,
    FragmentsOnCompositeTypesRule,
    GraphQLArgument,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    KnownArgumentNamesRule,
    KnownFragmentNamesRule,
    KnownTypeNamesRule,
    NamedTypeNode,
    NameNode,
    OverlappingFieldsCanBeMergedRule,
    PossibleFragmentSpreadsRule,
    ProvidedRequiredArgumentsRule,
    ScalarLeafsRule,
    SelectionSetNode,
    UniqueArgumentNamesRule,
    ValuesOfCorrectTypeRule,
    VariableNode,
    Visitor,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    validate,
    visit,
)

from plait_schema.diagnostics import Code, Diagnostic
from plait_schema.federation import is_applied, parse_field_set, string_argument, written_name
from plait_schema.federation.type_reference import named_type
from plait_schema.subgraph.model import Subgraph


class _RequiredArgumentsRule(ProvidedRequiredArgumentsRule):
    def leave_field(self, field_node: FieldNode, *_: object) -> None:
        field = self.context.get_field_def()
        if field is None:
            return
        given = {argument.name.value for argument in field_node.arguments or ()}
        for name, argument in field.args.items():
            if name not in given and _must_be_given(argument):
                message = f"{field_node.name.value} needs the argument {name}, of type {argument.type}."
                self.report_error(GraphQLError(message, field_node))


def _must_be_given(argument: GraphQLArgument) -> bool:
    is_contextual = argument.ast_node is not None and is_applied(argument.ast_node, "fromContext")
    return is_required_argument(argument) and not is_contextual


_RULES = (
    KnownTypeNamesRule,
    FragmentsOnCompositeTypesRule,
    ScalarLeafsRule,
    FieldsOnCorrectTypeRule,
    KnownFragmentNamesRule,
    PossibleFragmentSpreadsRule,
    KnownArgumentNamesRule,
    UniqueArgumentNamesRule,
    ValuesOfCorrectTypeRule,
    _RequiredArgumentsRule,
)

_TYPENAME: FieldDefinitionNode | None = FieldDefinitionNode(
    name=NameNode(value="__typename"), type=NamedTypeNode(name=NameNode(value="String"))
)

_MOST_SUGGESTIONS = 2000  # fields whose names are compared with an unknown one


@dataclass(frozen=True, slots=True)
class FieldSetCodes:
    """What the problems that all field sets can have are called for one directive."""

    invalid_type: Code
    invalid_fields: Code
    directive_in_fields: Code
    unknown_field_fix: str


@dataclass(frozen=True, slots=True)
class Selected:
    """A field that a field set selects."""

    parent: str
    name: str
    definition: FieldDefinitionNode
    is_leaf: bool
    is_below_external: bool  # a field above it is external, so the subgraph does not resolve it either

    @property
    def coordinate(self) -> str:
        return f"{self.parent}.{self.name}"


def read_field_set(
    directive: DirectiveNode, parent: str, coordinate: str, subgraph: Subgraph, codes: FieldSetCodes
) -> tuple[SelectionSetNode | None, tuple[Diagnostic, ...]]:
    """The field set of a directive, if it is a valid selection on `parent`; and what is wrong with it.

    Directives in a field set are wrong, but leave the selection valid.
    """
    text = string_argument(directive, "fields")
    selection_set: SelectionSetNode | None = None
    problems: tuple[tuple[Code, str, str | None], ...]
    if text is None:
        fix = 'Write the fields in one string: fields: "id name".'
        problems = ((codes.invalid_type, "must have a string as its fields.", fix),)
    else:
        try:
            selection_set = parse_field_set(text)
            found = selection_problems(selection_set, parent, subgraph.schema)
            problems = tuple(
                (codes.invalid_fields, f"cannot be answered: {problem}", _mend(problem, codes))
                for problem in found
            )
        except GraphQLError as error:
            is_empty = not text.strip(" \t\r\n,")
            what = "is empty." if is_empty else f"is no selection: {error.message}"
            fix = "Name at least one field." if is_empty else "Write it like a query: id author { id }."
            problems = ((codes.invalid_fields, what, fix),)
    valid = selection_set if not problems else None
    if valid:
        problems = tuple(
            (
                codes.directive_in_fields,
                f"applies @{name}, but field sets are not executed.",
                f"Remove @{name}.",
            )
            for name in directives_in(valid)
        )
    label = written_name(directive)
    if text is not None:
        label += f'(fields: "{" ".join(text.split())}")'
    places = subgraph.locate(directive)
    return valid, tuple(
        code.at(coordinate, f"{label} {message}", locations=places, fix=fix)
        for code, message, fix in problems
    )


def _mend(problem: str, codes: FieldSetCodes) -> str | None:
    return codes.unknown_field_fix if problem.startswith("Cannot query field") else None


def conflict_in(selection_set: SelectionSetNode, parent: str, schema: GraphQLSchema) -> str | None:
    """What a valid selection asks for twice with different arguments, None when there is no such field."""
    errors = validate(schema, _as_document(selection_set, parent), (OverlappingFieldsCanBeMergedRule,))
    return errors[0].message if errors else None


def selection_problems(selection_set: SelectionSetNode, parent: str, schema: GraphQLSchema) -> list[str]:
    """Why the selection is not valid on the type `parent`: https://spec.graphql.org/draft/#sec-Validation.Fields.

    Arguments that come from a context need not be given.
    """
    if _is_plain(selection_set, schema.get_type(parent)):
        return []
    if problems := _foreign(selection_set).problems:
        return problems
    type_ = schema.get_type(parent)
    many = (
        isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) and len(type_.fields) > _MOST_SUGGESTIONS
    )
    document = _as_document(selection_set, parent)
    return [error.message for error in validate(schema, document, _RULES, hide_suggestions=many)]


def _as_document(selection_set: SelectionSetNode, parent: str) -> DocumentNode:
    fragment = FragmentDefinitionNode(
        name=NameNode(value="fields"),
        type_condition=NamedTypeNode(name=NameNode(value=parent)),
        selection_set=selection_set,
    )
    return DocumentNode(definitions=(fragment,))


def _is_plain(selection_set: SelectionSetNode, parent: GraphQLNamedType | None) -> bool:
    """Fields that exist, without arguments, at every level: nearly all field sets, and valid for sure."""
    return isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) and all(
        isinstance(selection, FieldNode)
        and _is_plain_field(selection, parent.fields.get(selection.name.value))
        for selection in selection_set.selections
    )


def _is_plain_field(node: FieldNode, field: GraphQLField | None) -> bool:
    if field is None or node.alias or node.arguments or node.directives:
        return False
    if any(_must_be_given(argument) for argument in field.args.values()):
        return False
    named = get_named_type(field.type)
    if node.selection_set is None:
        return is_leaf_type(named)
    return bool(node.selection_set.selections) and _is_plain(node.selection_set, named)


def directives_in(selection_set: SelectionSetNode) -> list[str]:
    """The names of the directives that the selection applies."""
    return _foreign(selection_set).directives


def selected_fields(
    selection_set: SelectionSetNode, parent: str, subgraph: Subgraph, *, below_external: bool = False
) -> Iterator[Selected]:
    """The fields of a valid field set, outer ones first."""
    for selection in selection_set.selections:
        match selection:
            case InlineFragmentNode(type_condition=condition, selection_set=inner):
                inner_parent = condition.name.value if condition else parent
                yield from selected_fields(inner, inner_parent, subgraph, below_external=below_external)
            case FieldNode(name=name, selection_set=inner_set):
                definition = _TYPENAME
                if name.value != "__typename":
                    definition = subgraph.field(parent, name.value)
                if definition is None:
                    continue
                yield Selected(parent, name.value, definition, inner_set is None, below_external)
                if inner_set:
                    external = is_applied(definition, "external") or _has_external_implementation(
                        parent, name.value, subgraph
                    )
                    yield from selected_fields(
                        inner_set,
                        named_type(definition.type).name.value,
                        subgraph,
                        below_external=below_external or external,
                    )


def _has_external_implementation(parent: str, field: str, subgraph: Subgraph) -> bool:
    interface = subgraph.schema.get_type(parent)
    if not isinstance(interface, GraphQLInterfaceType):
        return False
    definitions = (
        subgraph.field(type_.name, field) for type_ in subgraph.schema.get_possible_types(interface)
    )
    return any(definition and is_applied(definition, "external") for definition in definitions)


class _Foreign(Visitor):
    """What operations may have and field sets may not."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.directives: list[str] = []

    def enter_field(self, node: FieldNode, *_: object) -> None:
        if node.alias:
            self.problems.append(f'"{node.alias.value}" is an alias, and a field set has no use for one.')

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        self.problems.append(f'"${node.name.value}" is a variable, and nothing gives it a value.')

    def enter_directive(self, node: DirectiveNode, *_: object) -> Any:
        self.directives.append(node.name.value)
        return self.SKIP


def _foreign(selection_set: SelectionSetNode) -> _Foreign:
    visitor = _Foreign()
    visit(selection_set, visitor)
    return visitor
