"""What a change makes of the subgraphs that a variant has."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from plait_schema.registry.errors import INVALID_NAME, INVALID_REQUEST, LAST_SUBGRAPH, NOT_FOUND
from plait_schema.subgraph import SubgraphSource

#: A segment of a path, as in the routes that are about one subgraph.
_NAME: Final = re.compile(r"\w(?:[\w .:-]{0,98}[\w.:-])?")

Subgraphs: TypeAlias = tuple[SubgraphSource, ...]


def published(held: Subgraphs, proposed: Sequence[SubgraphSource]) -> Subgraphs:
    """With the proposed ones in place of those of the same names, or beside them.

    Raises RegistryError: INVALID_NAME, and INVALID_REQUEST for a routing URL that no gateway could ask.
    """
    for subgraph in proposed:
        if not _NAME.fullmatch(subgraph.name):
            raise INVALID_NAME.because(
                f"{subgraph.name[:80]!r} cannot name a subgraph: a letter, a digit or _, then at most 99"
                " of these, - . : and blanks, without one at the end."
            )
        if not _is_url(subgraph.url):
            raise INVALID_REQUEST.because(
                f"{subgraph.url[:200]!r}, of {subgraph.name}, is no http or https URL."
            )
    after = {subgraph.name: subgraph for subgraph in (*held, *proposed)}
    return tuple(after[name] for name in sorted(after))


def without(held: Subgraphs, names: Iterable[str]) -> Subgraphs:
    """Raises RegistryError: NOT_FOUND when one is not there, LAST_SUBGRAPH when none would be left."""
    names = set(names)
    if missing := sorted(names - {subgraph.name for subgraph in held}):
        raise NOT_FOUND.because(f"there is no subgraph {', '.join(missing)}.")
    after = tuple(subgraph for subgraph in held if subgraph.name not in names)
    if not after:
        raise LAST_SUBGRAPH.because("a variant keeps at least one subgraph.")
    return after


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not set(text) & set(" \t\r\n")
    except ValueError:  # an IPv6 address that is none
        return False
