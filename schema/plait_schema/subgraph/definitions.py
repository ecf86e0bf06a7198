"""A subgraph may spell out the definitions of federation's directives and types; they must be the right ones.

What a definition may do differently: leave out optional arguments, locations and `repeatable`, make an
optional argument required, and use a built-in or own type for a custom scalar, whose values nobody checks
anyway.
"""

from collections.abc import Container, Iterator
from dataclasses import replace

from graphql import (
    ConstValueNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    InputValueDefinitionNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    TypeDefinitionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    Visitor,
    print_ast,
    specified_directives,
    specified_scalar_types,
    visit,
)

from plait_schema.diagnostics import (
    DIRECTIVE_DEFINITION_INVALID,
    INVALID_GRAPHQL,
    TYPE_DEFINITION_INVALID,
    Diagnostic,
)
from plait_schema.federation.names import Vocabulary
from plait_schema.federation.specifications import federation_1
from plait_schema.federation.type_reference import named_type
from plait_schema.federation.versions import FEDERATION_1
from plait_schema.subgraph.coordinates import Coordinates
from plait_schema.subgraph.model import SubgraphSource
from plait_schema.subgraph.visiting import TO_REFERENCES

MACHINERY_TYPES: dict[str, type[TypeDefinitionNode]] = {
    "_Any": ScalarTypeDefinitionNode,
    "_Entity": UnionTypeDefinitionNode,
    "_Service": ObjectTypeDefinitionNode,
}
# The last two are of a draft: gateways, not subgraphs, decide whether clients have them.
STANDARD_DIRECTIVES = frozenset({*(directive.name for directive in specified_directives), "defer", "stream"})
_KINDS: dict[type[TypeDefinitionNode], str] = {
    ScalarTypeDefinitionNode: "a scalar",
    UnionTypeDefinitionNode: "a union",
    ObjectTypeDefinitionNode: "an object type",
    EnumTypeDefinitionNode: "an enum",
}


def defined_directives(document: DocumentNode) -> frozenset[str]:
    """The names of the directives that the document defines."""
    return frozenset(
        node.name.value for node in document.definitions if isinstance(node, DirectiveDefinitionNode)
    )


def check_definitions(
    document: DocumentNode, vocabulary: Vocabulary, source: SubgraphSource
) -> Iterator[Diagnostic]:
    """What is wrong with the definitions that specifications, or GraphQL itself, already give."""
    for local in sorted(vocabulary.directives.keys() & STANDARD_DIRECTIVES):
        element = vocabulary.canonical[local]
        yield DIRECTIVE_DEFINITION_INVALID.at(
            f"@{local}",
            f"@{local} is a directive of GraphQL, so @{element} cannot be called that.",
            subgraphs=[source.name],
            fix=f'Import it under another name: {{ name: "@{element}", as: "..." }}.',
        )
    scalars = {node.name.value for node in document.definitions if isinstance(node, ScalarTypeDefinitionNode)}
    scalars |= {name for name, node in vocabulary.types.items() if isinstance(node, ScalarTypeDefinitionNode)}
    for node in document.definitions:
        match node:
            case DirectiveDefinitionNode(name=name) if expected := vocabulary.directives.get(name.value):
                is_outdated = _is_federation_1(name.value, vocabulary)
                read = _brought_up_to_date(node, expected) if is_outdated else node
                for message in _directive_differences(expected, read, scalars):
                    yield DIRECTIVE_DEFINITION_INVALID.at(
                        f"@{name.value}",
                        f"The definition of @{name.value} is not the specification's: {message}.",
                        locations=source.locate(node),
                        fix=f"Leave it out, or write: {print_ast(expected)}",
                    )
            case TypeDefinitionNode(name=name) if name.value in specified_scalar_types and not isinstance(
                node, ScalarTypeDefinitionNode
            ):
                yield INVALID_GRAPHQL.at(
                    name.value,
                    f"{name.value} is a scalar of GraphQL: no other type can be called that.",
                    locations=source.locate(node),
                    fix="Rename the type.",
                )
            case TypeDefinitionNode(name=name) if difference := _type_difference(node, vocabulary):
                yield TYPE_DEFINITION_INVALID.at(
                    name.value,
                    f"{name.value} belongs to federation: {difference}.",
                    locations=source.locate(node),
                )


def check_references(
    document: DocumentNode, vocabulary: Vocabulary, source: SubgraphSource
) -> Iterator[Diagnostic]:
    """A type of a specification is for that specification's directives: no field or argument can have it."""
    coordinates: Coordinates | None = None  # seldom needed
    for node in document.definitions:
        if isinstance(node, DirectiveDefinitionNode) and node.name.value in vocabulary.directives:
            continue
        references = _References(vocabulary.types)
        visit(node, references, TO_REFERENCES)
        for reference in references.found:
            coordinates = coordinates or Coordinates.of(document)
            yield INVALID_GRAPHQL.at(
                coordinates.at(reference.loc.start) if reference.loc else None,
                f"{reference.name.value} belongs to a specification: only its directives use it.",
                locations=source.locate(reference),
                fix="Define a type of your own.",
            )


class _References(Visitor):
    def __init__(self, names: Container[str]) -> None:
        super().__init__()
        self.names = names
        self.found: list[NamedTypeNode] = []

    def enter_named_type(self, node: NamedTypeNode, *_: object) -> None:
        if node.name.value in self.names:
            self.found.append(node)


def _is_federation_1(name: str, vocabulary: Vocabulary) -> bool:
    return vocabulary.version == FEDERATION_1 and name in federation_1().directives


def _brought_up_to_date(
    node: DirectiveDefinitionNode, expected: DirectiveDefinitionNode
) -> DirectiveDefinitionNode:
    """Servers of Federation 1 print field sets as all kinds of types."""
    arguments = {argument.name.value: argument for argument in node.arguments or ()}
    arguments |= {each.name.value: each for each in expected.arguments or () if each.name.value == "fields"}
    return replace(node, arguments=tuple(arguments.values()))


def _directive_differences(
    expected: DirectiveDefinitionNode, actual: DirectiveDefinitionNode, scalars: set[str]
) -> Iterator[str]:
    expected_arguments = {argument.name.value: argument for argument in expected.arguments or ()}
    actual_arguments = {argument.name.value: argument for argument in actual.arguments or ()}
    for name, argument in expected_arguments.items():
        if (own := actual_arguments.get(name)) is not None:
            yield from _argument_differences(argument, own, scalars)
        elif isinstance(argument.type, NonNullTypeNode):
            yield f'the argument "{name}" is missing'
    for name in actual_arguments.keys() - expected_arguments.keys():
        yield f'it has no argument "{name}"'
    if actual.repeatable and not expected.repeatable:
        yield "it is not repeatable"
    places = {location.value for location in expected.locations}
    if other := sorted({location.value for location in actual.locations} - places):
        yield f"it cannot be applied on {', '.join(other)}"


def _argument_differences(
    expected: InputValueDefinitionNode, actual: InputValueDefinitionNode, scalars: set[str]
) -> Iterator[str]:
    name = expected.name.value
    actual_type = actual.type
    if isinstance(actual_type, NonNullTypeNode) and not isinstance(expected.type, NonNullTypeNode):
        actual_type = actual_type.type
    if not _is_same_type(expected.type, actual_type, scalars):
        yield f'the type of the argument "{name}" is {print_ast(expected.type)}'
    elif not isinstance(actual.type, NonNullTypeNode) and _text(expected.default_value) != _text(
        actual.default_value
    ):
        default = _text(expected.default_value)
        yield f'the argument "{name}" has {f"the default value {default}" if default else "no default value"}'


def _is_same_type(expected: TypeNode, actual: TypeNode, scalars: set[str]) -> bool:
    match expected, actual:
        case NonNullTypeNode(type=inner), NonNullTypeNode(type=own):
            return _is_same_type(inner, own, scalars)
        case ListTypeNode(type=item), ListTypeNode(type=own_item):
            return _is_same_type(item, own_item, scalars)
        case NonNullTypeNode() | ListTypeNode(), _:
            return False
        case _:
            name = named_type(expected).name.value
            return name == print_ast(actual) or (
                name in scalars and named_type(actual).name.value not in scalars
            )


def _text(value: ConstValueNode | None) -> str:
    return print_ast(value) if value else ""


def _type_difference(node: TypeDefinitionNode, vocabulary: Vocabulary) -> str | None:
    name = node.name.value
    expected = vocabulary.types.get(name)
    kind = type(expected) if expected else MACHINERY_TYPES.get(name)
    if kind is None:
        return None
    if not isinstance(node, kind):
        return f"it is {_KINDS[kind]}"
    if isinstance(expected, EnumTypeDefinitionNode) and isinstance(node, EnumTypeDefinitionNode):
        values = [value.name.value for value in expected.values or ()]
        if set(values) != {value.name.value for value in node.values or ()}:
            return f"its values are {', '.join(values)}"
    return None
