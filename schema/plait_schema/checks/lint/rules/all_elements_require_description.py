"""ALL_ELEMENTS_REQUIRE_DESCRIPTION"""

from collections.abc import Iterator

from graphql import TypeExtensionNode

from plait_schema.checks.lint.linted import Linted
from plait_schema.diagnostics import ALL_ELEMENTS_REQUIRE_DESCRIPTION, Diagnostic


def all_elements_require_description(linted: Linted) -> Iterator[Diagnostic]:
    """Nobody but its author knows what an element means.

    Where a type is extended it has its description already.
    """
    for coordinate, node in linted.elements:
        if isinstance(node, TypeExtensionNode) or coordinate in linted.roots.values():
            continue
        if node.description is None or not node.description.value.strip():
            message = f"{coordinate} has no description."
            yield linted.finding(ALL_ELEMENTS_REQUIRE_DESCRIPTION, coordinate, message, node.name)
