"""TYPE_SUFFIX"""

from collections.abc import Iterator

from graphql import TypeDefinitionNode

from plait_schema.checks.lint.linted import Linted
from plait_schema.checks.lint.names import with_suffix
from plait_schema.diagnostics import TYPE_SUFFIX, Diagnostic


def type_suffix(linted: Linted) -> Iterator[Diagnostic]:
    """Every type is known to be one without names that end with Type."""
    return with_suffix(linted, TYPE_SUFFIX, "Type", holds=lambda node: isinstance(node, TypeDefinitionNode))
