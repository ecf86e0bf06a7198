"""What the merged schema must be like: one rule per file, and here their index.

Each step assumes what the one before has found good, so a step is skipped when an earlier one has errors.
"""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.rules.argument_presence import argument_presence
from plait_schema.composition.rules.argument_types import argument_types
from plait_schema.composition.rules.composed_directives import composed_directives
from plait_schema.composition.rules.contextual_arguments import contextual_arguments
from plait_schema.composition.rules.default_values import default_values
from plait_schema.composition.rules.descriptions import descriptions
from plait_schema.composition.rules.directive_arguments import directive_arguments
from plait_schema.composition.rules.enum_values import enum_values
from plait_schema.composition.rules.executable_directives import executable_directives
from plait_schema.composition.rules.extensions import extensions
from plait_schema.composition.rules.external_fields import external_fields
from plait_schema.composition.rules.field_sharing import field_sharing
from plait_schema.composition.rules.field_types import field_types, input_field_types
from plait_schema.composition.rules.import_names import import_names
from plait_schema.composition.rules.inaccessible_children import inaccessible_children
from plait_schema.composition.rules.inaccessible_defaults import inaccessible_defaults
from plait_schema.composition.rules.inaccessible_disallowed import inaccessible_disallowed
from plait_schema.composition.rules.inaccessible_implementations import inaccessible_implementations
from plait_schema.composition.rules.inaccessible_references import inaccessible_references
from plait_schema.composition.rules.inaccessible_required import inaccessible_required
from plait_schema.composition.rules.inaccessible_roots import inaccessible_roots
from plait_schema.composition.rules.input_fields import input_fields
from plait_schema.composition.rules.interface_fields import interface_fields
from plait_schema.composition.rules.interface_keys import interface_keys
from plait_schema.composition.rules.interface_objects import interface_objects
from plait_schema.composition.rules.interface_overrides import interface_overrides
from plait_schema.composition.rules.linked_versions import linked_versions
from plait_schema.composition.rules.overrides import overrides
from plait_schema.composition.rules.queries import queries
from plait_schema.composition.rules.required_arguments import required_arguments
from plait_schema.composition.rules.reserved_names import reserved_names
from plait_schema.composition.rules.reserved_references import reserved_references
from plait_schema.composition.rules.transitive_access import transitive_access
from plait_schema.composition.rules.type_kinds import type_kinds
from plait_schema.composition.rules.union_members import union_members
from plait_schema.composition.rules.validity import validity
from plait_schema.composition.rules.value_types import value_types
from plait_schema.diagnostics import Diagnostic, Severity, in_order
from plait_schema.supergraph import SupergraphDocument

Rule: TypeAlias = Callable[[MergedSchema], Iterator[Diagnostic]]

DIRECTIVES: Final[tuple[Rule, ...]] = (import_names, composed_directives, linked_versions)
NAMES: Final[tuple[Rule, ...]] = (type_kinds, extensions, reserved_names, interface_objects)
ELEMENTS: Final[tuple[Rule, ...]] = (
    queries,
    interface_keys,
    field_types,
    field_sharing,
    external_fields,
    overrides,
    interface_overrides,
    argument_types,
    argument_presence,
    contextual_arguments,
    default_values,
    input_field_types,
    input_fields,
    enum_values,
    union_members,
    executable_directives,
    value_types,
    descriptions,
    directive_arguments,
)
WHOLE: Final[tuple[Rule, ...]] = (interface_fields, required_arguments, transitive_access)
API: Final[tuple[Rule, ...]] = (
    inaccessible_roots,
    inaccessible_children,
    inaccessible_references,
    reserved_references,
    inaccessible_implementations,
    inaccessible_required,
    inaccessible_defaults,
)

STEPS: Final[tuple[tuple[Rule, ...], ...]] = (DIRECTIVES, (*NAMES, *ELEMENTS), WHOLE)


def check(merged: MergedSchema) -> tuple[Diagnostic, ...]:
    """What the rules of STEPS find in what the subgraphs say, up to the first step with errors."""
    found: list[Diagnostic] = []
    for step in STEPS:
        found += (diagnostic for rule in step for diagnostic in rule(merged))
        if any(diagnostic.severity is Severity.ERROR for diagnostic in found):
            break
    return in_order(found)


def check_supergraph(merged: MergedSchema, document: SupergraphDocument) -> tuple[Diagnostic, ...]:
    """What is wrong with the supergraph, whose SDL holds the document, or with its API schema."""
    return in_order(validity(merged, document)) or check_visible(merged)


def check_visible(merged: MergedSchema) -> tuple[Diagnostic, ...]:
    """What is wrong with the API schema, given a good supergraph."""
    return in_order(inaccessible_disallowed(merged)) or in_order(
        diagnostic for rule in API for diagnostic in rule(merged)
    )
