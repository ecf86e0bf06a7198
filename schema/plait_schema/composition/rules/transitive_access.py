from collections.abc import Iterable, Iterator

from graphql import FieldNode, GraphQLSyntaxError, InlineFragmentNode, SelectionSetNode

from plait_schema.composition.declared import places
from plait_schema.composition.field_sources import FieldSource
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merge.contexts import qualified_context
from plait_schema.composition.merged import MergedField, MergedInterface, MergedObject
from plait_schema.composition.rules.field_access import AccessRequirement, access_requirements
from plait_schema.diagnostics import MISSING_TRANSITIVE_AUTH_REQUIREMENTS, Diagnostic
from plait_schema.federation import applied, parse_field_set, string_argument
from plait_schema.federation.type_reference import named_type


def transitive_access(merged: MergedSchema) -> Iterator[Diagnostic]:
    """A field that is computed from protected fields must be protected as they are.

    The gateway fetches what @requires and @fromContext name on its own account; who may see the result
    must be who may see the inputs, and the objects that these are taken from.
    https://www.apollographql.com/docs/graphos/routing/security/authorization
    """
    for type_ in merged.composites():
        for field in type_.fields:
            for source in field.sources:
                yield from _check(merged, type_, field, source)


def _check(
    merged: MergedSchema, type_: MergedObject | MergedInterface, field: MergedField, source: FieldSource
) -> Iterator[Diagnostic]:
    if not source.is_resolving:
        return
    own = (*access_requirements(type_.directives), *access_requirements(field.directives))
    missing: dict[str, str] = {}
    for parent, field_set in _inputs(merged, type_, source):
        for coordinate, requirement in _requirements(merged, parent, field_set):
            if not requirement.is_implied_by(own):
                missing.setdefault(str(requirement), coordinate)
    for needed, coordinate in missing.items():
        yield MISSING_TRANSITIVE_AUTH_REQUIREMENTS.at(
            field.coordinate,
            f'{field.coordinate} in "{source.subgraph}" is computed from {coordinate}, which needs {needed},'
            f" but does not need that itself.",
            locations=places((source.declared,)),
            fix=f"Add {needed} to {field.coordinate}.",
        )


def _inputs(
    merged: MergedSchema, type_: MergedObject | MergedInterface, source: FieldSource
) -> Iterator[tuple[str, str]]:
    """The types and field sets that the field's inputs are taken from."""
    if source.requires and not source.is_external:
        yield type_.name, source.requires
    for argument in source.context_arguments:
        for name, node in source.declared.subgraph.types.items():
            for context in applied(node, "context"):
                setter = qualified_context(source.subgraph, string_argument(context, "name") or "")
                if setter == argument.context:
                    yield name, argument.selection


def _requirements(
    merged: MergedSchema, parent: str, field_set: str
) -> Iterator[tuple[str, AccessRequirement]]:
    yield from _of_type(merged, parent)
    try:
        yield from _selected(merged, (parent,), parse_field_set(field_set))
    except GraphQLSyntaxError:  # loading the subgraph has reported it
        return


def _selected(
    merged: MergedSchema, parents: Iterable[str], selections: SelectionSetNode
) -> Iterator[tuple[str, AccessRequirement]]:
    """The parents are all types that the selection is made on: each level is looked at once."""
    for selection in selections.selections:
        match selection:
            case InlineFragmentNode(type_condition=condition, selection_set=inner):
                if condition:
                    yield from _of_type(merged, condition.name.value)
                yield from _selected(merged, (condition.name.value,) if condition else parents, inner)
            case FieldNode(name=name, selection_set=inner_set):
                fields = {
                    field.coordinate: field
                    for parent in parents
                    for field in _fields(merged, parent, name.value)
                }
                for field in fields.values():
                    yield from _of_field(merged, field)
                if inner_set:
                    returned = dict.fromkeys(named_type(field.type).name.value for field in fields.values())
                    yield from _selected(merged, returned, inner_set)


def _of_field(merged: MergedSchema, field: MergedField) -> Iterator[tuple[str, AccessRequirement]]:
    for requirement in access_requirements(field.directives):
        yield field.coordinate, requirement
    yield from _of_type(merged, named_type(field.type).name.value)


def _of_type(merged: MergedSchema, name: str) -> Iterator[tuple[str, AccessRequirement]]:
    type_ = merged.types.get(name)
    for requirement in access_requirements(type_.directives) if type_ else ():
        yield name, requirement


def _fields(merged: MergedSchema, parent: str, name: str) -> Iterator[MergedField]:
    """The field on the type, and on the implementations of an interface, which may be protected."""
    type_ = merged.types.get(parent)
    holders = [type_] if isinstance(type_, MergedObject | MergedInterface) else []
    if isinstance(type_, MergedInterface):
        holders += [each for each in merged.objects() if parent in each.interfaces]
    for holder in holders:
        yield from (field for field in holder.fields if field.name == name)
