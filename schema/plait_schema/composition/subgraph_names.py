"""Names tell subgraphs apart."""

from collections import Counter
from collections.abc import Iterable, Iterator

from plait_schema.diagnostics import INVALID_SUBGRAPH_NAME, Diagnostic
from plait_schema.subgraph import SubgraphSource


def same_names(sources: Iterable[SubgraphSource]) -> Iterator[Diagnostic]:
    """No two subgraphs may have the same name; case counts."""
    counted = Counter(source.name for source in sources)
    for name in sorted(name for name, count in counted.items() if count > 1):
        yield INVALID_SUBGRAPH_NAME.at(
            None,
            f'{counted[name]} subgraphs are called "{name}".',
            subgraphs=[name],
            fix="Give each its own name.",
        )
