"""CONTACT_DIRECTIVE_MISSING"""

from collections.abc import Iterator

from plait_schema.checks.lint.linted import Linted
from plait_schema.diagnostics import CONTACT_DIRECTIVE_MISSING, Diagnostic


def contact_directive_missing(linted: Linted) -> Iterator[Diagnostic]:
    """Who reads a message about a subgraph must know whose it is."""
    if not any(True for _ in linted.applied("contact")):
        fix = 'Write extend schema @contact(name: "Products team", url: "https://chat.example/products").'
        message = "The schema does not say whom to ask about it."
        yield linted.finding(CONTACT_DIRECTIVE_MISSING, None, message, *linted.schemas[:1], fix=fix)
