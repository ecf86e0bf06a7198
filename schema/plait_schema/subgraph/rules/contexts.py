"""`@context`: https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/entities/use-contexts."""

import re
from collections.abc import Iterator

from plait_schema.diagnostics import CONTEXT_NAME_INVALID, Diagnostic
from plait_schema.federation import applied, string_argument, written_name
from plait_schema.subgraph.model import Subgraph

_NAME = re.compile(r"[A-Za-z][0-9A-Za-z]*", re.ASCII)


def contexts(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """A context's name has no underscores: the supergraph joins it to the subgraph's name with them."""
    for name, node in subgraph.types.items():
        for directive in applied(node, "context"):
            context = string_argument(directive, "name") or ""
            if not _NAME.fullmatch(context):
                yield CONTEXT_NAME_INVALID.at(
                    name,
                    f'{written_name(directive)} cannot be called "{context}": a context\'s name is a letter, '
                    "then letters and digits.",
                    locations=subgraph.locate(directive),
                    fix=f'Call it "{fitting}".' if (fitting := _fitting(context)) else None,
                )


def _fitting(name: str) -> str:
    """The name without what it cannot have: my_context becomes myContext."""
    parts: list[str] = re.findall(r"[0-9A-Za-z]+", name, re.ASCII) or [""]
    first, *others = parts
    return first.lstrip("0123456789") + "".join(part[0].upper() + part[1:] for part in others)
