"""A subgraph may spell out the definitions of federation's directives and types; they must be the right ones.

What a definition may do differently: leave out optional arguments, locations and `repeatable`, make an
optional argument required, and use a built-in or own type for a custom scalar, whose values nobody checks
anyway. Types that it names must be defined beside it, as everywhere in GraphQL. Where `@link` itself is
linked and defined, only what it takes to read the links must be as the specification has it.
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
    UnionTypeExtensionNode,
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
from plait_schema.federation.directive_locations import executable_locations
from plait_schema.federation.names import Vocabulary
from plait_schema.federation.specifications import federation_1
from plait_schema.federation.type_reference import named_type
from plait_schema.federation.versions import FEDERATION_1
from plait_schema.subgraph.composed_names import composed_names
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
                read = _brought_up_to_date(node, expected, vocabulary)
                if name.value in vocabulary.bootstrap:
                    read = _only_what_reads_links(read)
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
            case UnionTypeDefinitionNode(name=name) if name.value == "_Entity" and not _members(document):
                yield INVALID_GRAPHQL.at(
                    name.value,
                    "Union type _Entity must define one or more member types.",
                    locations=source.locate(node),
                    fix="Leave it out: federation adds it where there are entities.",
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
    """A type of a specification is for that specification's directives: no field or argument can have it.

    Directives are often spelled out without being imported; these can have it, too, and so can directives of
    the subgraph's own that no other subgraph and no client sees.
    """
    coordinates: Coordinates | None = None  # seldom needed
    composed = composed_names(document, vocabulary)
    for node in document.definitions:
        if isinstance(node, DirectiveDefinitionNode):
            yield from _undefined(node, document, source)
            name = node.name.value
            if name in vocabulary.directives or not (name in composed or executable_locations(node)):
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


def _undefined(
    node: DirectiveDefinitionNode, document: DocumentNode, source: SubgraphSource
) -> Iterator[Diagnostic]:
    for argument in node.arguments or ():
        reference = named_type(argument.type)
        name = reference.name.value
        if name in specified_scalar_types or any(
            isinstance(each, TypeDefinitionNode) and each.name.value == name for each in document.definitions
        ):
            continue
        yield INVALID_GRAPHQL.at(
            f"@{node.name.value}({argument.name.value}:)",
            f"Unknown type '{name}'.",
            locations=source.locate(reference),
            fix=f"Define {name}, too, or leave out the definition of a directive that is linked.",
        )


class _References(Visitor):
    def __init__(self, names: Container[str]) -> None:
        super().__init__()
        self.names = names
        self.found: list[NamedTypeNode] = []

    def enter_named_type(self, node: NamedTypeNode, *_: object) -> None:
        if node.name.value in self.names:
            self.found.append(node)


def _brought_up_to_date(
    node: DirectiveDefinitionNode, expected: DirectiveDefinitionNode, vocabulary: Vocabulary
) -> DirectiveDefinitionNode:
    """Servers of Federation 1 print field sets as lists, those of its beginnings as nullable ones.

    https://www.apollographql.com/docs/graphos/reference/federation/subgraph-spec
    """
    arguments = {argument.name.value: argument for argument in node.arguments or ()}
    is_outdated = vocabulary.version == FEDERATION_1 and node.name.value in federation_1().directives
    if not is_outdated or "fields" not in arguments:
        return node
    given = print_ast(arguments["fields"].type)
    if given in {"String", "_FieldSet"} and len(arguments) == 1:
        return expected
    if given == "[String!]!":
        arguments |= {
            each.name.value: each for each in expected.arguments or () if each.name.value == "fields"
        }
    return replace(node, arguments=tuple(arguments.values()))


def _only_what_reads_links(node: DirectiveDefinitionNode) -> DirectiveDefinitionNode:
    arguments = (argument for argument in node.arguments or () if argument.name.value in ("url", "as"))
    return replace(node, arguments=tuple(arguments))


def _members(document: DocumentNode) -> bool:
    """Whether the union of entities has members, somewhere in the document."""
    unions = (UnionTypeDefinitionNode, UnionTypeExtensionNode)
    return any(
        isinstance(node, unions) and node.name.value == "_Entity" and bool(node.types)
        for node in document.definitions
    )


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
    if kind is None or name in vocabulary.bootstrap:
        return None
    if not isinstance(node, kind):
        return f"it is {_KINDS[kind]}"
    if isinstance(expected, EnumTypeDefinitionNode) and isinstance(node, EnumTypeDefinitionNode):
        values = [value.name.value for value in expected.values or ()]
        if set(values) != {value.name.value for value in node.values or ()}:
            return f"its values are {', '.join(values)}"
    return None
