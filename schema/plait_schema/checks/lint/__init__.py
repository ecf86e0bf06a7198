"""Conventions of one subgraph's schema: `RULES` is the index, one rule a file, with GraphOS's names.

https://www.apollographql.com/docs/graphos/platform/schema-management/linting/rules
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, TypeAlias

from graphql import GraphQLError

from plait_schema.checks.lint.linted import Linted
from plait_schema.checks.lint.rules.all_elements_require_description import all_elements_require_description
from plait_schema.checks.lint.rules.contact_directive_missing import contact_directive_missing
from plait_schema.checks.lint.rules.defined_types_are_unused import defined_types_are_unused
from plait_schema.checks.lint.rules.deprecated_directive_missing_reason import (
    deprecated_directive_missing_reason,
)
from plait_schema.checks.lint.rules.directive_names_should_be_camel_case import (
    directive_names_should_be_camel_case,
)
from plait_schema.checks.lint.rules.enum_prefix import enum_prefix
from plait_schema.checks.lint.rules.enum_suffix import enum_suffix
from plait_schema.checks.lint.rules.enum_used_as_input_without_suffix import (
    enum_used_as_input_without_suffix,
)
from plait_schema.checks.lint.rules.enum_used_as_output_despite_suffix import (
    enum_used_as_output_despite_suffix,
)
from plait_schema.checks.lint.rules.enum_values_should_be_screaming_snake_case import (
    enum_values_should_be_screaming_snake_case,
)
from plait_schema.checks.lint.rules.field_names_should_be_camel_case import field_names_should_be_camel_case
from plait_schema.checks.lint.rules.input_argument_names_should_be_camel_case import (
    input_argument_names_should_be_camel_case,
)
from plait_schema.checks.lint.rules.input_type_suffix import input_type_suffix
from plait_schema.checks.lint.rules.interface_prefix import interface_prefix
from plait_schema.checks.lint.rules.interface_suffix import interface_suffix
from plait_schema.checks.lint.rules.object_prefix import object_prefix
from plait_schema.checks.lint.rules.object_suffix import object_suffix
from plait_schema.checks.lint.rules.query_document_declaration import query_document_declaration
from plait_schema.checks.lint.rules.resty_field_names import resty_field_names
from plait_schema.checks.lint.rules.tag_directive_uses_unknown_name import tag_directive_uses_unknown_name
from plait_schema.checks.lint.rules.type_names_should_be_pascal_case import type_names_should_be_pascal_case
from plait_schema.checks.lint.rules.type_prefix import type_prefix
from plait_schema.checks.lint.rules.type_suffix import type_suffix
from plait_schema.checks.settings import LintSettings
from plait_schema.diagnostics import (
    ALL_ELEMENTS_REQUIRE_DESCRIPTION,
    CODES,
    CONTACT_DIRECTIVE_MISSING,
    DEPRECATED_FIELDS,
    DOES_NOT_PARSE,
    ENUM_USED_AS_INPUT_WITHOUT_SUFFIX,
    UNUSED_FIELDS,
    Code,
    Diagnostic,
    Location,
    Topic,
    in_order,
)
from plait_schema.federation.parsing import parse_document
from plait_schema.subgraph import SubgraphSource
from plait_schema.subgraph.limits import too_large

__all__ = ["RULES", "lint", "lint_codes", "with_severity"]

Rule: TypeAlias = Callable[[Linted], Iterator[Diagnostic]]

RULES: Final[tuple[Rule, ...]] = (
    query_document_declaration,
    field_names_should_be_camel_case,
    resty_field_names,
    type_names_should_be_pascal_case,
    type_prefix,
    type_suffix,
    object_prefix,
    object_suffix,
    interface_prefix,
    interface_suffix,
    input_argument_names_should_be_camel_case,
    input_type_suffix,
    enum_values_should_be_screaming_snake_case,
    enum_prefix,
    enum_suffix,
    enum_used_as_input_without_suffix,
    enum_used_as_output_despite_suffix,
    directive_names_should_be_camel_case,
    all_elements_require_description,
    contact_directive_missing,
    defined_types_are_unused,
    deprecated_directive_missing_reason,
    tag_directive_uses_unknown_name,
)

OFF_BY_DEFAULT: Final = frozenset(
    code.name
    for code in (
        ALL_ELEMENTS_REQUIRE_DESCRIPTION,
        CONTACT_DIRECTIVE_MISSING,
        ENUM_USED_AS_INPUT_WITHOUT_SUFFIX,  # an enum that is sent and got cannot satisfy both rules
        UNUSED_FIELDS,
        DEPRECATED_FIELDS,
    )
)
"""Rules that most schemas break for good reasons, until somebody wants them."""


def lint(source: SubgraphSource, settings: LintSettings | None = None) -> tuple[Diagnostic, ...]:
    """What the schema does against conventions, in its order of severity and coordinates.

    A schema that does not parse has nothing but that. Composition is not needed, and not checked.
    """
    settings = settings or LintSettings()
    if problems := too_large(source):
        return tuple(DOES_NOT_PARSE.at(None, each.message, subgraphs=[source.name]) for each in problems)
    try:
        document = parse_document(source.sdl, name=source.file or source.name)
    except GraphQLError as error:
        places = [Location(source.name, source.file, at.line, at.column) for at in error.locations or ()]
        return (DOES_NOT_PARSE.at(None, error.message, subgraphs=[source.name], locations=places),)
    linted = Linted.of(source, document, settings)
    found = (diagnostic for rule in RULES for diagnostic in rule(linted))
    return in_order(each for diagnostic in found if (each := with_severity(diagnostic, settings)) is not None)


def with_severity(diagnostic: Diagnostic, settings: LintSettings) -> Diagnostic | None:
    """The finding as severe as the settings want it; None where its rule is off."""
    default = None if diagnostic.code in OFF_BY_DEFAULT else CODES[diagnostic.code].severity
    severity = settings.severities.get(diagnostic.code, default)
    return None if severity is None else replace(diagnostic, severity=severity)


def lint_codes() -> tuple[Code, ...]:
    """The codes whose severity can be set."""
    return tuple(code for code in CODES.values() if code.topic is Topic.LINT)
