from collections.abc import Iterator

from graphql import ConstDirectiveNode, InputValueDefinitionNode, print_ast

from plait_schema.composition.declared import places
from plait_schema.composition.field_sources import FieldSource
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merge.applied_directives import is_merged
from plait_schema.composition.merge.defaults import is_same_value
from plait_schema.composition.merge.type_references import is_same_or_subtype, is_same_type
from plait_schema.composition.merged import MergedField, MergedInputValue
from plait_schema.composition.rules.wording import named
from plait_schema.diagnostics import (
    EXTERNAL_ARGUMENT_DEFAULT_MISMATCH,
    EXTERNAL_ARGUMENT_MISSING,
    EXTERNAL_ARGUMENT_TYPE_MISMATCH,
    EXTERNAL_MISSING_ON_BASE,
    EXTERNAL_TYPE_MISMATCH,
    MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL,
    Diagnostic,
)
from plait_schema.federation import FEDERATION_1, applied


def external_fields(merged: MergedSchema) -> Iterator[Diagnostic]:
    """An external declaration repeats what the owner says: type, arguments and defaults must agree.

    An argument may allow more than the owner does: what is sent is written in a @requires. There must be an
    owner. Directives that are merged belong to the owner's declaration, where they count.
    """
    for field in merged.fields():
        if not field.owners and field.abstracted:
            continue  # an @interfaceObject resolves it
        if not field.owners:
            yield EXTERNAL_MISSING_ON_BASE.at(
                field.coordinate,
                f"{field.coordinate} is @external in {named(s.subgraph for s in field.sources)},"
                f" but no subgraph resolves it.",
                locations=places(field.declared),
                fix="Remove @external where the field is resolved, or add the field to its owner.",
            )
            continue
        for source in field.sources:
            if source.is_external:
                yield from _misplaced_directives(merged, field, source)
                yield from _type(merged, field, source)
                for argument in field.arguments:
                    yield from _argument(merged, field, source, argument)


def _misplaced_directives(
    merged: MergedSchema, field: MergedField, source: FieldSource
) -> Iterator[Diagnostic]:
    for directive in source.node.directives or ():
        name = directive.name.value
        is_composed = merged.context.composed.is_composed(source.subgraph, name)
        if is_composed or _is_repeated_in_federation_1(directive, field, source):
            continue
        if is_merged(source.subgraph, name, merged.context.composed):
            yield MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL.at(
                field.coordinate,
                f'@{name} on {field.coordinate} in "{source.subgraph}" has no effect,'
                f" since the field is external there.",
                locations=source.declared.subgraph.locate(directive),
                fix=f"Move it to {named(owner.subgraph for owner in field.owners)}.",
            )


def _is_repeated_in_federation_1(
    directive: ConstDirectiveNode, field: MergedField, source: FieldSource
) -> bool:
    """Federation 1 subgraphs repeat the tags of an owner."""
    return source.declared.subgraph.version == FEDERATION_1 and any(
        print_ast(directive) == print_ast(other)
        for owner in field.owners
        for other in applied(owner.node, directive.name.value)
    )


def _type(merged: MergedSchema, field: MergedField, source: FieldSource) -> Iterator[Diagnostic]:
    """Where the owners themselves have different types, an external one may be any below the merged one."""
    owners_agree = all(is_same_type(owner.node.type, field.type) for owner in field.owners)
    if is_same_type(source.node.type, field.type):
        return
    if not owners_agree and is_same_or_subtype(source.node.type, field.type, merged.context.is_subtype):
        return
    yield EXTERNAL_TYPE_MISMATCH.at(
        field.coordinate,
        f"{field.coordinate} is {print_ast(field.type)} in {named(o.subgraph for o in field.owners)},"
        f' but its external declaration in "{source.subgraph}" is {print_ast(source.node.type)}.',
        locations=[*source.declared.places, *places(tuple(owner.declared for owner in field.owners))],
        fix=f"Declare it as {print_ast(field.type)}.",
    )


def _argument(
    merged: MergedSchema, field: MergedField, source: FieldSource, argument: MergedInputValue
) -> Iterator[Diagnostic]:
    if not argument.is_kept:
        return
    found = [each for each in source.node.arguments or () if each.name.value == argument.name]
    owners = named(owner.subgraph for owner in field.owners)
    if not found:
        yield EXTERNAL_ARGUMENT_MISSING.at(
            argument.coordinate,
            f'The external declaration of {field.coordinate} in "{source.subgraph}" lacks the argument'
            f" {argument.name}, which {owners} has.",
            locations=[*source.declared.places, *places(argument.declared)],
            fix=f"Add {argument.name}: {print_ast(argument.type)}.",
        )
        return
    yield from _compare(merged, source, argument, found[0], owners)


def _compare(
    merged: MergedSchema,
    source: FieldSource,
    argument: MergedInputValue,
    found: InputValueDefinitionNode,
    owners: str,
) -> Iterator[Diagnostic]:
    where = [*source.declared.subgraph.locate(found), *places(argument.declared)]
    if not is_same_or_subtype(argument.type, found.type, merged.context.is_subtype):
        yield EXTERNAL_ARGUMENT_TYPE_MISMATCH.at(
            argument.coordinate,
            f"{argument.coordinate} is {print_ast(argument.type)} in {owners}, but the external declaration"
            f' in "{source.subgraph}" has {print_ast(found.type)}.',
            locations=where,
            fix=f"Declare it as {print_ast(argument.type)}.",
        )
    if (found.default_value is None) != (argument.default is None) or (
        found.default_value is not None
        and argument.default is not None
        and not is_same_value(found.default_value, argument.default)
    ):
        default = print_ast(argument.default) if argument.default is not None else "no default value"
        declared = print_ast(found.default_value) if found.default_value is not None else "none"
        yield EXTERNAL_ARGUMENT_DEFAULT_MISMATCH.at(
            argument.coordinate,
            f"{argument.coordinate} has {default} in {owners}, but the external declaration in"
            f' "{source.subgraph}" has {declared}.',
            locations=where,
            fix="Declare the same default value.",
        )
