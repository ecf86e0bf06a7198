"""What a merged directive is called: the subgraphs may have imported it under another name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graphql import Node

from plait_schema.composition.merge.applied_directives import FEDERATION as MERGED
from plait_schema.federation import Link
from plait_schema.federation.specifications import APOLLO
from plait_schema.federation.specifications import FEDERATION as FEDERATION_IDENTITY
from plait_schema.subgraph import Subgraph

NAMED = MERGED | {"context"}


@dataclass(frozen=True, slots=True)
class ImportedName:
    """The name that a subgraph uses a merged directive by."""

    subgraph: Subgraph
    link: Link | None  # None in Federation 1
    name: str


def names_in_use(subgraphs: Sequence[Subgraph]) -> Mapping[str, tuple[ImportedName, ...]]:
    """By directive: its name in each subgraph that applies it."""
    found: dict[str, list[ImportedName]] = {}
    for subgraph in subgraphs:
        for directive in sorted(NAMED & _applied_names(subgraph)):
            link = _link_of(subgraph, directive)
            name = link.directive_name(directive) if link else directive
            found.setdefault(directive, []).append(ImportedName(subgraph, link, name))
    return {directive: tuple(names) for directive, names in found.items()}


def supergraph_names(subgraphs: Sequence[Subgraph]) -> Mapping[str, str]:
    """By directive: its name in the supergraph, which is the specification's unless a subgraph renamed it."""
    return {
        directive: next(
            (each.name for each in names if each.link and f"@{directive}" in each.link.imports), directive
        )
        for directive, names in names_in_use(subgraphs).items()
    }


def _link_of(subgraph: Subgraph, directive: str) -> Link | None:
    """The specification's own link goes before federation's, which has the directive too."""
    own = f"{APOLLO}/{'cost' if directive == 'listSize' else directive}"
    by_identity = {link.identity: link for link in subgraph.links}
    return by_identity.get(own) or by_identity.get(FEDERATION_IDENTITY)


def _applied_names(subgraph: Subgraph) -> frozenset[str]:
    roots: list[Node] = [
        subgraph.schema_definition,
        *subgraph.types.values(),
        *subgraph.directives.values(),
    ]
    return frozenset(name for root in roots for name in _names_below(root))


def _names_below(node: Node) -> Iterator[str]:
    for directive in getattr(node, "directives", None) or ():
        yield directive.name.value
    for key in ("fields", "arguments", "values"):
        for child in getattr(node, key, None) or ():
            yield from _names_below(child)
