"""OBJECT_SUFFIX"""

from collections.abc import Iterator

from graphql import ObjectTypeDefinitionNode

from plait_schema.checks.lint.linted import Linted
from plait_schema.checks.lint.names import with_suffix
from plait_schema.diagnostics import OBJECT_SUFFIX, Diagnostic


def object_suffix(linted: Linted) -> Iterator[Diagnostic]:
    """Object types are known to be such without names that end with Object."""
    return with_suffix(
        linted, OBJECT_SUFFIX, "Object", holds=lambda node: isinstance(node, ObjectTypeDefinitionNode)
    )
