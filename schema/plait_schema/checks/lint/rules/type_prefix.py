"""TYPE_PREFIX"""

from collections.abc import Iterator

from graphql import TypeDefinitionNode

from plait_schema.checks.lint.linted import Linted
from plait_schema.checks.lint.names import with_prefix
from plait_schema.diagnostics import TYPE_PREFIX, Diagnostic


def type_prefix(linted: Linted) -> Iterator[Diagnostic]:
    """Every type is known to be one without names that begin with Type."""
    return with_prefix(linted, TYPE_PREFIX, "Type", holds=lambda node: isinstance(node, TypeDefinitionNode))
