from collections.abc import Iterator, Mapping

from graphql import FieldNode, GraphQLError, InlineFragmentNode, SelectionSetNode

from plait_schema.composition.field_sources import FieldSource
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import MergedField
from plait_schema.composition.rules.required import is_required
from plait_schema.composition.rules.wording import named
from plait_schema.diagnostics import REQUIRES_INVALID_FIELDS, Diagnostic
from plait_schema.federation import parse_field_set
from plait_schema.federation.type_reference import named_type
from plait_schema.subgraph import Subgraph


def required_arguments(merged: MergedSchema) -> Iterator[Diagnostic]:
    """What @requires asks for is asked of other subgraphs, so its arguments must be right for all of these.

    They must know the arguments that are given, and need no others.
    """
    fields = {(type_.name, field.name): field for type_ in merged.composites() for field in type_.fields}
    for type_ in merged.objects():
        for field in type_.fields:
            for source in field.sources:
                if source.requires is None:
                    continue
                for problem in _problems(source.requires, type_.name, source.declared.subgraph, fields):
                    yield REQUIRES_INVALID_FIELDS.at(
                        field.coordinate,
                        f'@requires(fields: "{source.requires}") in "{source.subgraph}" {problem}',
                        locations=source.declared.places,
                    )


def _problems(
    field_set: str, parent: str, subgraph: Subgraph, fields: Mapping[tuple[str, str], MergedField]
) -> Iterator[str]:
    try:
        selection_set = parse_field_set(field_set)
    except GraphQLError:
        return
    for name, node in _selected(selection_set, parent, subgraph):
        if field := fields.get((name, node.name.value)):
            owners = [owner for owner in field.owners if owner.subgraph != subgraph.name]
            yield from _not_known(node, field, owners)
            yield from _not_given(node, field, owners)


def _not_known(node: FieldNode, field: MergedField, owners: list[FieldSource]) -> Iterator[str]:
    for given in node.arguments or ():
        name = given.name.value
        unaware = [owner.subgraph for owner in owners if not _knows(owner, name)]
        if unaware:
            yield f"gives {field.coordinate} the argument {name}, which {named(unaware)} does not know."


def _knows(owner: FieldSource, argument: str) -> bool:
    return any(known.name.value == argument for known in owner.node.arguments or ())


def _not_given(node: FieldNode, field: MergedField, owners: list[FieldSource]) -> Iterator[str]:
    given = {argument.name.value for argument in node.arguments or ()}
    needed: dict[str, list[str]] = {}
    for owner in owners:
        for argument in owner.node.arguments or ():
            if is_required(argument) and argument.name.value not in given:
                needed.setdefault(argument.name.value, []).append(owner.subgraph)
    for name, subgraphs in needed.items():
        yield f"gives {field.coordinate} no argument {name}, which is required in {named(subgraphs)}."


def _selected(
    selection_set: SelectionSetNode, parent: str, subgraph: Subgraph
) -> Iterator[tuple[str, FieldNode]]:
    """The fields at all levels of a valid field set, each with the type that it is selected on."""
    for selection in selection_set.selections:
        match selection:
            case InlineFragmentNode(type_condition=condition, selection_set=inner):
                yield from _selected(inner, condition.name.value if condition else parent, subgraph)
            case FieldNode(name=name, selection_set=inner_set):
                yield parent, selection
                definition = subgraph.field(parent, name.value)
                if inner_set and definition:
                    yield from _selected(inner_set, named_type(definition.type).name.value, subgraph)
