from collections.abc import Iterator, Mapping
from typing import Final

from graphql import (
    ConstDirectiveNode,
    DirectiveLocation,
    GraphQLDirective,
    GraphQLInputType,
    GraphQLSchema,
    Node,
    ValueNode,
    is_required_argument,
)
from graphql.utilities import validate_input_literal

from plait_schema.composition.declared import Declared, places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import (
    MergedDirective,
    MergedElement,
    MergedEnum,
    MergedEnumValue,
    MergedField,
    MergedInputObject,
    MergedInputValue,
    MergedInterface,
    MergedObject,
    MergedScalar,
    MergedUnion,
    merged_declarations,
)
from plait_schema.diagnostics import INVALID_GRAPHQL, Diagnostic

_LOCATIONS: Final[Mapping[type, DirectiveLocation]] = {
    MergedObject: DirectiveLocation.OBJECT,
    MergedInterface: DirectiveLocation.INTERFACE,
    MergedField: DirectiveLocation.FIELD_DEFINITION,
    MergedUnion: DirectiveLocation.UNION,
    MergedEnum: DirectiveLocation.ENUM,
    MergedEnumValue: DirectiveLocation.ENUM_VALUE,
    MergedInputObject: DirectiveLocation.INPUT_OBJECT,
    MergedScalar: DirectiveLocation.SCALAR,
}


def composed_applications(merged: MergedSchema, schema: GraphQLSchema) -> Iterator[Diagnostic]:
    """What the supergraph applies of a composed directive must fit the definition that it has there.

    That is the definition of the newest version, and of the last subgraph among those that link it; the
    values must fit the types that all subgraphs together make. `schema` is that of the supergraph.
    https://spec.graphql.org/draft/#sec-Type-System.Directives
    """
    composed = {each.name: each for each in merged.directives if each.is_composed}
    if not composed:
        return
    definitions = {name: definition for name in composed if (definition := schema.get_directive(name))}
    for element in merged.elements():
        for each, directive in _applications(element, merged):
            name = directive.name.value
            problems = _problems(element, directive, definitions[name], each, merged)
            for problem in dict.fromkeys(problems):
                yield _diagnostic(element, each, directive, composed[name], problem)


def _applications(
    element: MergedElement, merged: MergedSchema
) -> Iterator[tuple[Declared[Node], ConstDirectiveNode]]:
    """The applications that the supergraph has, and who says so."""
    composed = merged.context.composed.directives
    kept = {id(directive) for directive in element.directives if directive.name.value in composed}
    for each in merged_declarations(element) if kept else ():
        for directive in getattr(each.node, "directives", None) or ():
            if id(directive) in kept:
                yield each, directive


def _problems(
    element: MergedElement,
    directive: ConstDirectiveNode,
    definition: GraphQLDirective,
    declared: Declared[Node],
    merged: MergedSchema,
) -> Iterator[str]:
    if (location := _location(element)) not in definition.locations:
        yield f"it cannot be applied on {location.name}"
    given = {argument.name.value: argument for argument in directive.arguments or ()}
    for name in given.keys() - definition.args.keys():
        yield f'it has no argument "{name}"'
    for name, argument in definition.args.items():
        if name in given:
            for message in _value_errors(given[name].value, argument.type):
                yield f'the argument "{name}" is of type {argument.type}: {message}'
        elif is_required_argument(argument):
            yield f'it requires the argument "{name}"'
    alike = [
        each
        for each in getattr(declared.node, "directives", None) or ()
        if each.name.value == directive.name.value
    ]
    if len(alike) > 1 and not merged.context.composed.is_repeatable(directive.name.value):
        yield "it is not repeatable"


def _value_errors(value: ValueNode, type_: GraphQLInputType) -> list[str]:
    found: list[str] = []
    validate_input_literal(value, type_, lambda error, _path: found.append(error.message))
    return found


def _location(element: MergedElement) -> DirectiveLocation:
    if isinstance(element, MergedInputValue):
        is_argument = "(" in element.coordinate
        return (
            DirectiveLocation.ARGUMENT_DEFINITION if is_argument else DirectiveLocation.INPUT_FIELD_DEFINITION
        )
    return _LOCATIONS[type(element)]


def _diagnostic(
    element: MergedElement,
    declared: Declared[Node],
    directive: ConstDirectiveNode,
    definition: MergedDirective,
    problem: str,
) -> Diagnostic:
    name = f"@{directive.name.value}"
    newest = definition.declared[0]
    end = "" if problem.endswith(("?", ".")) else "."
    return INVALID_GRAPHQL.at(
        element.coordinate,
        f'{name} on {element.coordinate} in "{declared.name}" does not fit the definition of {name} in'
        f' "{newest.name}", which the supergraph has: {problem}{end}',
        subgraphs=[declared.name, newest.name],
        locations=[*declared.subgraph.locate(directive), *places((newest,))],
        fix=f"Define {name} alike in all subgraphs that compose it.",
    )
