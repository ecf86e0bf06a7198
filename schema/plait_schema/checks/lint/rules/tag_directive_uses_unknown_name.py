"""TAG_DIRECTIVE_USES_UNKNOWN_NAME"""

from collections.abc import Iterator
from difflib import get_close_matches

from graphql import StringValueNode

from plait_schema.checks.lint.linted import Linted
from plait_schema.diagnostics import TAG_DIRECTIVE_USES_UNKNOWN_NAME, Diagnostic


def tag_directive_uses_unknown_name(linted: Linted) -> Iterator[Diagnostic]:
    """A contract chooses by tags: one that is misspelt shows or hides nothing. Any tag will do where none
    are approved."""
    if linted.approved_tags is None:
        return
    for coordinate, directive in linted.applied("tag"):
        for argument in directive.arguments or ():
            match argument.value:
                case StringValueNode(value=name) if name not in linted.approved_tags:
                    message = f'The tag "{name}" is not among the approved ones.'
                    close = get_close_matches(name, sorted(linted.approved_tags), n=1)
                    fix = f'Perhaps "{close[0]}" is meant.' if close else None
                    yield linted.finding(
                        TAG_DIRECTIVE_USES_UNKNOWN_NAME, coordinate, message, directive, fix=fix
                    )
