"""ENUM_PREFIX"""

from collections.abc import Iterator

from graphql import EnumTypeDefinitionNode

from plait_schema.checks.lint.linted import Linted
from plait_schema.checks.lint.names import with_prefix
from plait_schema.diagnostics import ENUM_PREFIX, Diagnostic


def enum_prefix(linted: Linted) -> Iterator[Diagnostic]:
    """Enums are known to be such without names that begin with Enum."""
    return with_prefix(
        linted, ENUM_PREFIX, "Enum", holds=lambda node: isinstance(node, EnumTypeDefinitionNode)
    )
