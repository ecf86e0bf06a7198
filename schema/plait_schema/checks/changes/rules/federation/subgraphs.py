"""The subgraphs of the supergraph."""

from collections.abc import Iterator

from plait_schema.checks.changes.change import Change
from plait_schema.checks.changes.comparison import Comparison
from plait_schema.diagnostics import SUBGRAPH_ADDED, SUBGRAPH_REMOVED, SUBGRAPH_URL_CHANGED


def subgraphs(compared: Comparison) -> Iterator[Change]:
    """Subgraphs that came, went or moved. They have no schema coordinates, and stand under their names."""
    if compared.supergraphs is None:
        return
    before, after = (each.subgraphs for each in compared.supergraphs)
    for name in sorted(before.keys() | after.keys()):
        if name not in before:
            message = f'The subgraph "{name}" was added.'
            yield compared.change(SUBGRAPH_ADDED, name, message, after=after[name].url, touches=())
        elif name not in after:
            message = f'The subgraph "{name}" was removed.'
            yield compared.change(SUBGRAPH_REMOVED, name, message, before=before[name].url, touches=())
        elif before[name].url != after[name].url:
            old, new = before[name].url, after[name].url
            message = f'The subgraph "{name}" was served at {old or "no URL"} and is at {new or "no URL"}.'
            yield compared.change(SUBGRAPH_URL_CHANGED, name, message, before=old, after=new, touches=())
