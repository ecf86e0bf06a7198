"""Plain GraphQL validity of one subgraph, with graphql-core's own rules.

https://spec.graphql.org/draft/#sec-Type-System
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from graphql import (
    ArgumentNode,
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    GraphQLDirective,
    GraphQLError,
    InputObjectTypeDefinitionNode,
    InputObjectTypeExtensionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    NullValueNode,
    ObjectTypeDefinitionNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
    Visitor,
    build_ast_schema,
    get_named_type,
    specified_directives,
    visit,
)
from graphql.utilities import validate_input_literal

from plait_schema.diagnostics import INVALID_GRAPHQL, Diagnostic
from plait_schema.federation.names import Vocabulary
from plait_schema.federation.schema_rules import schema_errors
from plait_schema.federation.specifications import federation_1
from plait_schema.federation.type_reference import named_type
from plait_schema.federation.versions import FEDERATION_1
from plait_schema.subgraph.coordinates import Coordinates
from plait_schema.subgraph.extensions import with_definitions_for_all
from plait_schema.subgraph.missing_imports import how_to_import
from plait_schema.subgraph.model import SubgraphSource
from plait_schema.subgraph.sdl_rules import MOST_ERRORS, more_errors, sdl_errors
from plait_schema.subgraph.visiting import TO_DIRECTIVES, TO_INPUT_VALUES

_NO_QUERY = frozenset({"Query root type must be provided.", "Type Query must define one or more fields."})
_NO_ROOT = ("Mutation root type must be Object", "Subscription root type must be Object")


def check_graphql(
    document: DocumentNode, vocabulary: Vocabulary, source: SubgraphSource
) -> tuple[Diagnostic, ...]:
    """What is wrong with the document as plain GraphQL, once the specifications' definitions are added."""
    field_sets = frozenset(
        local for local, name in vocabulary.canonical.items() if name in ("key", "requires", "provides")
    )
    errors = _errors(_with_vocabulary(with_definitions_for_all(document), vocabulary), field_sets)
    if not errors:
        return ()
    coordinates = Coordinates.of(document)
    applied = _Applied()
    visit(document, applied, TO_DIRECTIVES)
    return tuple(
        INVALID_GRAPHQL.at(
            coordinates.at(next(iter(error.positions))) if error.positions else None,
            error.message.replace(" not to be None", " not to be null"),
            subgraphs=[source.name],
            locations=source.locate(*(error.nodes or ())),
            fix=how_to_import(error.nodes[0], vocabulary, applied.names) if error.nodes else None,
        )
        for error in errors
    )


def _errors(document: DocumentNode, field_sets: frozenset[str]) -> list[GraphQLError]:
    """The errors; `field_sets` are the directives that have one, of which the rules say if it is no text."""
    try:
        if errors := sdl_errors(document):
            return errors
        valueless = _valueless(document)
        document = visit(document, _WithoutDefaults(valueless), TO_INPUT_VALUES)
        schema = build_ast_schema(document, assume_valid_sdl=True)
        errors = [error for error in schema_errors(schema) if not _is_harmless(error)]
        directives = {directive.name: directive for directive in schema.directives}
        return errors + _argument_errors(document, directives, valueless, field_sets)
    except GraphQLError as error:  # building the schema reads the arguments of @deprecated and its like
        directives = {directive.name: directive for directive in specified_directives}
        return _argument_errors(document, directives, frozenset(), field_sets) or [error]
    except RecursionError:  # default values of input objects that lead through thousands of types
        return [GraphQLError("The types depend on each other over too many steps.")]


def _is_harmless(error: GraphQLError) -> bool:
    """A query root comes from the server, with fields; other roots are object types, or must be named."""
    is_unnamed = isinstance(next(iter(error.nodes or ()), None), TypeDefinitionNode)
    return error.message in _NO_QUERY or (error.message.startswith(_NO_ROOT) and is_unnamed)


def _with_vocabulary(document: DocumentNode, vocabulary: Vocabulary) -> DocumentNode:
    """With the definitions that specifications bring, unless the document spells them out itself.

    GraphQL's own directives are always GraphQL's.
    """
    outdated = federation_1().directives if vocabulary.version == FEDERATION_1 else {}
    given = outdated.keys() | {directive.name for directive in specified_directives}
    kept = [
        node
        for node in document.definitions
        if not (isinstance(node, DirectiveDefinitionNode) and node.name.value in given)
    ]
    directives = {node.name.value for node in kept if isinstance(node, DirectiveDefinitionNode)}
    types = {node.name.value for node in kept if isinstance(node, TypeDefinitionNode)}
    added_directives = [node for name, node in vocabulary.directives.items() if name not in directives]
    added_types = [node for name, node in vocabulary.types.items() if name not in types]
    return replace(document, definitions=(*kept, *added_directives, *added_types))


def _valueless(document: DocumentNode) -> frozenset[str]:
    """Output types, and input objects that lead to one: graphql-core trips over values of these."""
    found: set[str] = set()
    fields: dict[str, set[str]] = {}
    for node in document.definitions:
        match node:
            case ObjectTypeDefinitionNode() | InterfaceTypeDefinitionNode() | UnionTypeDefinitionNode():
                found.add(node.name.value)
            case InputObjectTypeDefinitionNode() | InputObjectTypeExtensionNode():
                names = {named_type(field.type).name.value for field in node.fields or ()}
                fields.setdefault(node.name.value, set()).update(names)
    pending = list(found)
    users: dict[str, set[str]] = {}
    for name, names in fields.items():
        for used in names:
            users.setdefault(used, set()).add(name)
    while pending:
        new = users.get(pending.pop(), set()) - found
        found |= new
        pending += new
    return frozenset(found)


class _WithoutDefaults(Visitor):
    """Drops the default values of these types."""

    def __init__(self, valueless: frozenset[str]) -> None:
        super().__init__()
        self.valueless = valueless

    def enter_input_value_definition(self, node: InputValueDefinitionNode, *_: object) -> Any:
        if node.default_value and named_type(node.type).name.value in self.valueless:
            return replace(node, default_value=None)
        return None


def _argument_errors(
    document: DocumentNode,
    directives: Mapping[str, GraphQLDirective],
    valueless: frozenset[str],
    field_sets: frozenset[str],
) -> list[GraphQLError]:
    """Values of directives' arguments that do not fit their types: the rules for SDL leave them out."""
    visitor = _AppliedArguments(directives, valueless, field_sets)
    visit(document, visitor, TO_DIRECTIVES)
    return visitor.errors


class _Applied(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        self.names.add(node.name.value)


class _AppliedArguments(Visitor):
    def __init__(
        self,
        directives: Mapping[str, GraphQLDirective],
        valueless: frozenset[str],
        field_sets: frozenset[str],
    ) -> None:
        super().__init__()
        self.directives = directives
        self.valueless = valueless
        self.field_sets = field_sets
        self.errors: list[GraphQLError] = []

    def enter_directive(self, node: DirectiveNode, *_: object) -> Any:
        if len(self.errors) > MOST_ERRORS:
            self.errors[MOST_ERRORS:] = [more_errors()]
            return self.BREAK
        definition = self.directives.get(node.name.value)
        for given in node.arguments or ():
            if isinstance(given.value, NullValueNode) and node.name.value in self.field_sets:
                continue
            argument = definition.args.get(given.name.value) if definition else None
            if argument and get_named_type(argument.type).name not in self.valueless:
                validate_input_literal(given.value, argument.type, self._report(node, given))
        return None

    def _report(
        self, directive: DirectiveNode, argument: ArgumentNode
    ) -> Callable[[GraphQLError, list[str | int]], None]:
        def report(error: GraphQLError, _path: list[str | int]) -> None:
            place = f"@{directive.name.value}({argument.name.value}:)"
            message = f"{place} has an invalid value: {error.message}"
            self.errors.append(GraphQLError(message, error.nodes or argument))

        return report
