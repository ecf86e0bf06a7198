"""How large schemas may be: far larger than anybody's, and no larger than what a machine can hold.

Composing takes about 2 kB of memory and 40 µs for each token. The schema of a very large public API has some
200,000 tokens, and a hundred subgraphs of twenty types each together as many.
"""

import re
from collections.abc import Iterable
from typing import Final

from plait_schema.diagnostics import INVALID_GRAPHQL, Diagnostic
from plait_schema.subgraph.model import SubgraphSource

MAXIMUM_TOKENS: Final = 500_000
"""Of one subgraph: names, numbers, texts and punctuation. A field has three at least."""

MAXIMUM_TOKENS_TOGETHER: Final = 2_000_000
"""Of all subgraphs."""

MAXIMUM_LENGTH: Final = 8_000_000
"""Characters of one subgraph, descriptions and comments included."""

_TOKEN: Final = re.compile(
    r"(?:[\s,\ufeff]++|\#[^\r\n]*+)*+"
    r'(?P<token>"""(?:[^"\\]++|\\"""|\\|"(?!""))*+(?:"""|\Z)|"(?:[^"\\\r\n]++|\\.)*+"?|[\w.+-]++|[^\w.+-])?'
)


def too_large(source: SubgraphSource) -> tuple[Diagnostic, ...]:
    """An error if the schema of one subgraph is too large."""
    length, tokens = len(source.sdl), _tokens(source.sdl, MAXIMUM_TOKENS)
    if length > MAXIMUM_LENGTH:
        message = f"The schema has more than {MAXIMUM_LENGTH:,} characters, which are accepted at most."
    elif tokens > MAXIMUM_TOKENS:
        message = f"The schema has {tokens:,} tokens, and at most {MAXIMUM_TOKENS:,} are accepted."
    else:
        return ()
    fix = "Split it into several subgraphs."
    return (INVALID_GRAPHQL.at(None, message, subgraphs=[source.name], fix=fix),)


def too_large_together(sources: Iterable[SubgraphSource]) -> tuple[Diagnostic, ...]:
    """An error if all schemas together are too large."""
    sources = tuple(sources)
    if sum(len(source.sdl) for source in sources) <= MAXIMUM_TOKENS_TOGETHER:
        return ()
    tokens = sum(_tokens(source.sdl) for source in sources)
    if tokens <= MAXIMUM_TOKENS_TOGETHER:
        return ()
    message = (
        f"The schemas have {tokens:,} tokens together, and at most {MAXIMUM_TOKENS_TOGETHER:,} are accepted."
    )
    return (INVALID_GRAPHQL.at(None, message, subgraphs=[source.name for source in sources]),)


def _tokens(sdl: str, interesting: int = 0) -> int:
    """How many tokens there are; 0 for texts that are too short, or too long, for that to matter."""
    if not interesting < len(sdl) <= MAXIMUM_LENGTH:
        return 0
    return sum(1 for found in _TOKEN.finditer(sdl) if found.lastgroup)
