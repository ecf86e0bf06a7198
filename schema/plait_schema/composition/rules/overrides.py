import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from plait_schema.composition.field_sources import FieldSource, Override
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import MergedField, MergedObject
from plait_schema.diagnostics import (
    FROM_SUBGRAPH_DOES_NOT_EXIST,
    OVERRIDDEN_FIELD_CAN_BE_REMOVED,
    OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE,
    OVERRIDE_DIRECTIVE_CAN_BE_REMOVED,
    OVERRIDE_FROM_SELF_ERROR,
    OVERRIDE_LABEL_INVALID,
    OVERRIDE_MIGRATION_IN_PROGRESS,
    OVERRIDE_SOURCE_HAS_OVERRIDE,
    Diagnostic,
    Location,
)

_LABEL = re.compile(r"[a-zA-Z][a-zA-Z0-9_\-:./]*", re.ASCII)
_PERCENT = re.compile(r"percent\((\d{1,2}(\.\d{1,8})?|100)\)", re.ASCII)


def overrides(merged: MergedSchema) -> Iterator[Diagnostic]:
    """@override moves a field from another subgraph to this one, which then answers for it alone.

    So this one must resolve it, and the other must not compute it from other subgraphs' fields or bring
    fields of its own along, nor override it in turn.
    https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/directives#override
    """
    names = [subgraph.name for subgraph in merged.subgraphs]
    for type_ in merged.composites():
        for field in type_.fields:
            for source in field.sources:
                if source.override and (isinstance(type_, MergedObject) or source.is_on_interface_object):
                    yield from _from(field, source, source.override, names)


def _from(
    field: MergedField, source: FieldSource, override: Override, names: list[str]
) -> Iterator[Diagnostic]:
    origin = override.from_subgraph
    if source.is_on_interface_object:
        yield OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE.at(
            field.coordinate,
            f'{field.coordinate} in "{source.subgraph}" has @override, but is of an @interfaceObject:'
            f" a field of many types cannot move at once.",
            locations=source.declared.places,
            fix="Remove @override.",
        )
    elif origin == source.subgraph:
        yield OVERRIDE_FROM_SELF_ERROR.at(
            field.coordinate,
            f'{field.coordinate} in "{origin}" overrides itself.',
            locations=source.declared.places,
            fix="Name the subgraph that the field is moving from.",
        )
    elif origin not in names:
        similar = get_close_matches(origin, names, n=1)
        yield FROM_SUBGRAPH_DOES_NOT_EXIST.at(
            field.coordinate,
            f'{field.coordinate} in "{source.subgraph}" is overridden from "{origin}",'
            f" but there is no such subgraph.",
            locations=source.declared.places,
            fix=f'Did you mean "{similar[0]}"?' if similar else None,
        )
    else:
        found = [other for other in field.sources if other.subgraph == origin]
        yield from _moved(field, source, override, found[0] if found else None)


def _moved(
    field: MergedField, source: FieldSource, override: Override, origin: FieldSource | None
) -> Iterator[Diagnostic]:
    where = [*source.declared.places, *(origin.declared.places if origin else ())]
    if origin is None:
        yield _superfluous(field, source, override, "no longer has it", where)
    elif origin.override:
        yield OVERRIDE_SOURCE_HAS_OVERRIDE.at(
            field.coordinate,
            f'{field.coordinate} in "{source.subgraph}" is overridden from "{origin.subgraph}",'
            f' which overrides it from "{origin.override.from_subgraph}".',
            locations=where,
            fix="Leave @override in the subgraph that is to resolve the field.",
        )
    elif origin.requires or origin.provides:
        directive = "@requires" if origin.requires else "@provides"
        yield OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE.at(
            field.coordinate,
            f'{field.coordinate} in "{source.subgraph}" is overridden from "{origin.subgraph}",'
            f" where it has {directive}.",
            locations=where,
            fix=f'Remove {directive} in "{origin.subgraph}", or the field itself.',
        )
    elif source.is_external:
        yield OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE.at(
            field.coordinate,
            f'{field.coordinate} in "{source.subgraph}" has @override, but is @external there.',
            locations=where,
            fix="Remove @external: the field is to be resolved here.",
        )
    else:
        if origin.is_external:
            yield _superfluous(field, source, override, "does not resolve it", where)
        if override.label is not None:
            yield _moving(field, source, override.label, origin)
        elif not origin.is_external:
            yield _moved_for_good(field, source, origin)


def _superfluous(
    field: MergedField, source: FieldSource, override: Override, state: str, where: Sequence[Location]
) -> Diagnostic:
    return OVERRIDE_DIRECTIVE_CAN_BE_REMOVED.at(
        field.coordinate,
        f'@override on {field.coordinate} in "{source.subgraph}" can be removed, since'
        f' "{override.from_subgraph}" {state}.',
        subgraphs=[source.subgraph, override.from_subgraph],
        locations=where,
    )


def _moving(field: MergedField, source: FieldSource, label: str, origin: FieldSource) -> Diagnostic:
    if not (_PERCENT.fullmatch(label) or _LABEL.fullmatch(label)):
        return OVERRIDE_LABEL_INVALID.at(
            field.coordinate,
            f'The label "{label}" of @override on {field.coordinate} in "{source.subgraph}" is neither'
            f" percent(0) to percent(100), nor a letter followed by letters, digits, and _ - : . /",
            locations=source.declared.places,
            fix='Write for instance label: "percent(10)".',
        )
    return OVERRIDE_MIGRATION_IN_PROGRESS.at(
        field.coordinate,
        f'{field.coordinate} is moving from "{origin.subgraph}" to "{source.subgraph}"'
        f' by the label "{label}".',
        locations=[*origin.declared.places, *source.declared.places],
    )


def _moved_for_good(field: MergedField, source: FieldSource, origin: FieldSource) -> Diagnostic:
    advice = "consider removing it"
    if origin.is_used:
        advice = (
            "the subgraph still uses it in a key, @requires, @provides or interface;"
            " consider marking it @external, or removing it with these uses"
        )
    return OVERRIDDEN_FIELD_CAN_BE_REMOVED.at(
        field.coordinate,
        f'{field.coordinate} in "{origin.subgraph}" is overridden by "{source.subgraph}"; {advice}.',
        locations=[*origin.declared.places, *source.declared.places],
    )
