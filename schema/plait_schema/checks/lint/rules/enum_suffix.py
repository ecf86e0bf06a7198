"""ENUM_SUFFIX"""

from collections.abc import Iterator

from graphql import EnumTypeDefinitionNode

from plait_schema.checks.lint.linted import Linted
from plait_schema.checks.lint.names import with_suffix
from plait_schema.diagnostics import ENUM_SUFFIX, Diagnostic


def enum_suffix(linted: Linted) -> Iterator[Diagnostic]:
    """Enums are known to be such without names that end with Enum."""
    return with_suffix(
        linted, ENUM_SUFFIX, "Enum", holds=lambda node: isinstance(node, EnumTypeDefinitionNode)
    )
