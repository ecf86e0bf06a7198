"""OBJECT_PREFIX"""

from collections.abc import Iterator

from graphql import ObjectTypeDefinitionNode

from plait_schema.checks.lint.linted import Linted
from plait_schema.checks.lint.names import with_prefix
from plait_schema.diagnostics import OBJECT_PREFIX, Diagnostic


def object_prefix(linted: Linted) -> Iterator[Diagnostic]:
    """Object types are known to be such without names that begin with Object."""
    return with_prefix(
        linted, OBJECT_PREFIX, "Object", holds=lambda node: isinstance(node, ObjectTypeDefinitionNode)
    )
