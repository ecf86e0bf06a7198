"""RESTY_FIELD_NAMES"""

import re
from collections.abc import Iterator
from typing import Final

from plait_schema.checks.lint.linted import Linted
from plait_schema.checks.lint.names import camel_case
from plait_schema.diagnostics import RESTY_FIELD_NAMES, Diagnostic

_VERB: Final = re.compile(r"(get|list|post|put|patch)(?=[A-Z_])")


def resty_field_names(linted: Linted) -> Iterator[Diagnostic]:
    """A field is what it gives; a mutation does more than an HTTP method says."""
    for coordinate, node in linted.fields:
        if (verb := _VERB.match(node.name.value)) is not None:
            message = f"The name of the field {coordinate} begins with the verb {verb[0]}."
            if coordinate.startswith(f"{linted.roots['mutation']}."):
                fix = "Say what the mutation does, as create, edit or delete."
            else:
                fix = f"Call it {camel_case(node.name.value[verb.end() :])}."
            yield linted.finding(RESTY_FIELD_NAMES, coordinate, message, node.name, fix=fix)
