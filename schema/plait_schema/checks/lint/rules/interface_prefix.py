"""INTERFACE_PREFIX"""

from collections.abc import Iterator

from graphql import InterfaceTypeDefinitionNode

from plait_schema.checks.lint.linted import Linted
from plait_schema.checks.lint.names import with_prefix
from plait_schema.diagnostics import INTERFACE_PREFIX, Diagnostic


def interface_prefix(linted: Linted) -> Iterator[Diagnostic]:
    """Interfaces are known to be such without names that begin with Interface."""
    return with_prefix(
        linted,
        INTERFACE_PREFIX,
        "Interface",
        holds=lambda node: isinstance(node, InterfaceTypeDefinitionNode),
    )
