"""Contexts (`@context`, `@fromContext`)."""

from collections.abc import Iterator

from graphql import print_ast

from plait_schema.checks.changes.change import Change
from plait_schema.checks.changes.comparison import Comparison
from plait_schema.diagnostics import CONTEXT_CHANGED
from plait_schema.supergraph import FieldInSubgraph


def contexts(compared: Comparison) -> Iterator[Change]:
    """The types that set a context, and the arguments that are filled from one."""
    if compared.supergraphs is None:
        return
    before, after = (each.contexts for each in compared.supergraphs)
    for name in sorted(before.keys() | after.keys()):
        old, new = ", ".join(before.get(name, ())), ", ".join(after.get(name, ()))
        if old != new:
            message = f"The context {name} was set by {old or 'no type'} and is by {new or 'no type'}."
            yield compared.change(CONTEXT_CHANGED, name, message, before=old, after=new, touches=())
    for coordinate, owners_before, owners_after in compared.joined_fields:
        for subgraph in sorted(owners_before.keys() & owners_after.keys()):
            old, new = _arguments(owners_before[subgraph]), _arguments(owners_after[subgraph])
            if old != new:
                message = (
                    f'{coordinate} in "{subgraph}" took {old or "nothing"} from contexts,'
                    f" and takes {new or 'nothing'}."
                )
                yield compared.change(
                    CONTEXT_CHANGED,
                    coordinate,
                    message,
                    before=f"{subgraph}: {old}",
                    after=f"{subgraph}: {new}",
                    touches=(),
                )


def _arguments(field: FieldInSubgraph) -> str:
    return ", ".join(
        sorted(
            f"{argument.name} = ${argument.context} {' '.join(print_ast(argument.selection).split())}"
            for argument in field.context_arguments
        )
    )
