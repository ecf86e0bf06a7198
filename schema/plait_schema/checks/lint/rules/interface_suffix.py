"""INTERFACE_SUFFIX"""

from collections.abc import Iterator

from graphql import InterfaceTypeDefinitionNode

from plait_schema.checks.lint.linted import Linted
from plait_schema.checks.lint.names import with_suffix
from plait_schema.diagnostics import INTERFACE_SUFFIX, Diagnostic


def interface_suffix(linted: Linted) -> Iterator[Diagnostic]:
    """Interfaces are known to be such without names that end with Interface."""
    return with_suffix(
        linted,
        INTERFACE_SUFFIX,
        "Interface",
        holds=lambda node: isinstance(node, InterfaceTypeDefinitionNode),
    )
