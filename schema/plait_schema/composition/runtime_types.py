"""What a field that several subgraphs resolve can be: the rule of the ways that queries take."""

from collections.abc import Iterator, Mapping

from graphql import is_abstract_type

from plait_schema.composition.declared import places
from plait_schema.composition.field_sources import FieldSource
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import MergedField
from plait_schema.composition.rules.visibility import is_hidden
from plait_schema.composition.rules.wording import who_says_what
from plait_schema.diagnostics import (
    INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN,
    SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES,
    Diagnostic,
)
from plait_schema.federation import is_applied
from plait_schema.federation.type_reference import named_type


def runtime_types(
    merged: MergedSchema, together: Mapping[tuple[str, str], set[frozenset[str]]]
) -> Iterator[Diagnostic]:
    """A shared field must resolve to the same thing in all subgraphs, so its possible types must overlap.

    They should be the same, even: what only one subgraph can return, another one would have to return, too.
    Only subgraphs that a query has the choice of, `together`, can show clients the difference.
    """
    hidden = frozenset(name for name, type_ in merged.types.items() if is_hidden(type_))
    for type_ in merged.objects():
        for field in type_.fields:
            for subgraphs in together.get((type_.name, field.name), ()):
                resolving = [
                    source
                    for source in field.sources
                    if source.subgraph in subgraphs and not _returns_interface_object(source)
                ]
                if len(resolving) > 1:
                    yield from _check(field, resolving, hidden)


def _check(field: MergedField, resolving: list[FieldSource], hidden: frozenset[str]) -> Iterator[Diagnostic]:
    possible = {source.subgraph: _possible(source) for source in resolving}
    if any(types <= hidden for types in possible.values()):
        return  # clients cannot ask for anything there
    distinct = set(possible.values())
    if len(distinct) == 1:
        return
    overlap = frozenset.intersection(*distinct)
    if len({named_type(source.node.type).name.value for source in resolving}) > 1 and overlap:
        return  # that the field's types differ is said already
    said = {subgraph: ", ".join(sorted(types)) or "nothing" for subgraph, types in possible.items()}
    where = places(tuple(source.declared for source in resolving))
    if overlap:
        yield INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN.at(
            field.coordinate,
            f"{field.coordinate} can be different types: {who_says_what(said)}.",
            locations=where,
        )
    else:
        yield SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES.at(
            field.coordinate,
            f"{field.coordinate} is shared, but its possible types have nothing in common:"
            f" {who_says_what(said)}.",
            locations=where,
            fix="Let the subgraphs return the same types, or resolve the field in one of them only.",
        )


def _returns_interface_object(source: FieldSource) -> bool:
    """Does it leave open which object it is? Only other subgraphs know the types of these."""
    type_ = source.declared.subgraph.types.get(named_type(source.node.type).name.value)
    return type_ is not None and is_applied(type_, "interfaceObject")


def _possible(source: FieldSource) -> frozenset[str]:
    schema = source.declared.subgraph.schema
    name = named_type(source.node.type).name.value
    type_ = schema.get_type(name)
    if is_abstract_type(type_):
        return frozenset(possible.name for possible in schema.get_possible_types(type_))
    return frozenset({name})
