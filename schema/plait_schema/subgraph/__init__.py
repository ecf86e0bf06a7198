"""What one subgraph says: from its SDL to a valid subgraph in canonical form."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from plait_schema.diagnostics import INVALID_SUBGRAPH_NAME, Diagnostic, in_order
from plait_schema.federation import FEDERATION_1
from plait_schema.federation.names import vocabulary
from plait_schema.subgraph.canonical import canonical
from plait_schema.subgraph.definitions import check_definitions, check_references, defined_directives
from plait_schema.subgraph.federation_1.extensions import check_extensions
from plait_schema.subgraph.federation_1.external_keys import keys_elsewhere
from plait_schema.subgraph.federation_1.interface_objects import check_interface_objects
from plait_schema.subgraph.limits import too_large_together
from plait_schema.subgraph.links import implied_link, read_links
from plait_schema.subgraph.machinery import without_machinery
from plait_schema.subgraph.model import Subgraph, SubgraphSource
from plait_schema.subgraph.rules import RULES
from plait_schema.subgraph.sdl import parse_sdl
from plait_schema.subgraph.validity import check_graphql

__all__ = [
    "LoadedSubgraph",
    "Subgraph",
    "SubgraphSource",
    "load_each",
    "load_subgraph",
    "load_subgraphs",
    "too_large_together",
    "valid_subgraphs",
]

LoadedSubgraph: TypeAlias = Subgraph | tuple[Diagnostic, ...]

_RESERVED_NAMES = frozenset({"", "_"})


def load_subgraph(
    source: SubgraphSource, *, keys_elsewhere: Mapping[str, frozenset[str]] | None = None
) -> LoadedSubgraph:
    """The subgraph that the SDL describes, or all that is wrong with it.

    `keys_elsewhere` are the key fields of types that a Federation 1 subgraph extends without a key.
    Later steps read what earlier ones have found good, so the problems of one step are returned together.
    What the rules find in a Federation 1 subgraph is in its `rule_problems`.
    """
    document = parse_sdl(source)
    if isinstance(document, tuple):
        return document

    links, problems = read_links(document, source)
    if problems:
        return in_order(problems)

    names = vocabulary(links, implied_link(document, links), defined_directives(document))
    if problems := tuple(check_definitions(document, names, source)):
        return in_order(problems)

    document = without_machinery(document)
    if problems := (
        *check_graphql(document, names, source),
        *check_references(document, names, source),
    ):
        return in_order(problems)

    subgraph, problems = canonical(document, names, links, source, keys_elsewhere or {})
    found = in_order([*problems, *(diagnostic for rule in RULES for diagnostic in rule(subgraph))])
    if subgraph.version == FEDERATION_1:
        return replace(subgraph, rule_problems=found)
    return found or subgraph


def load_each(
    sources: Iterable[SubgraphSource], *, known: Mapping[SubgraphSource, LoadedSubgraph] | None = None
) -> Mapping[SubgraphSource, LoadedSubgraph]:
    """What each source gives, in order of name; what is known already is not loaded again."""
    known = known or {}
    return {
        source: known[source] if source in known else load_subgraph(source)
        for source in sorted(sources, key=lambda source: source.name)
    }


def load_subgraphs(sources: Iterable[SubgraphSource]) -> tuple[tuple[Subgraph, ...], tuple[Diagnostic, ...]]:
    """The valid subgraphs in order of name, and what is wrong with the others."""
    return valid_subgraphs(load_each(sources))


def valid_subgraphs(
    loaded: Mapping[SubgraphSource, LoadedSubgraph],
) -> tuple[tuple[Subgraph, ...], tuple[Diagnostic, ...]]:
    """The valid ones among loaded subgraphs, and what is wrong with the others, or with all together.

    Federation 1 subgraphs are upgraded once all are good on their own, and asked for the rules of
    Federation 2 once they could be upgraded: what they say depends on the others.
    """
    problems = [problem for source in loaded for problem in _reserved_name(source)]
    problems += [problem for each in loaded.values() if not isinstance(each, Subgraph) for problem in each]
    alone = [each for each in loaded.values() if isinstance(each, Subgraph)]
    subgraphs: list[Subgraph] = []
    for source, each in loaded.items():
        if isinstance(each, Subgraph) and (keys := keys_elsewhere(each, alone)):
            each = load_subgraph(source, keys_elsewhere=keys)
        if isinstance(each, Subgraph):
            subgraphs.append(each)
    if not problems:
        problems += (problem for subgraph in subgraphs for problem in subgraph.upgrade_problems)
        problems += check_extensions(subgraphs)
        problems += check_interface_objects(subgraphs)
    if not problems:
        problems += (problem for subgraph in subgraphs for problem in subgraph.rule_problems)
    return tuple(subgraphs), in_order(problems)


def _reserved_name(source: SubgraphSource) -> Iterator[Diagnostic]:
    if source.name.strip() in _RESERVED_NAMES:
        message = f'A subgraph cannot be called "{source.name}".'
        yield INVALID_SUBGRAPH_NAME.at(None, message, subgraphs=[source.name], fix="Give it another name.")
