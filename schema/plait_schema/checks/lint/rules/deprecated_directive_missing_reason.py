"""DEPRECATED_DIRECTIVE_MISSING_REASON"""

from collections.abc import Iterator

from plait_schema.checks.lint.linted import Linted
from plait_schema.diagnostics import DEPRECATED_DIRECTIVE_MISSING_REASON, Diagnostic


def deprecated_directive_missing_reason(linted: Linted) -> Iterator[Diagnostic]:
    """Who uses a deprecated element needs to know what to use instead."""
    for coordinate, directive in linted.applied("deprecated"):
        if not any(argument.name.value == "reason" for argument in directive.arguments or ()):
            message = f"{coordinate} is deprecated without a reason."
            fix = 'Write @deprecated(reason: "…") with what to use instead.'
            yield linted.finding(DEPRECATED_DIRECTIVE_MISSING_REASON, coordinate, message, directive, fix=fix)
