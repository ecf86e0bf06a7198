from collections.abc import Iterator

from plait_schema.composition.merge import MergedSchema
from plait_schema.diagnostics import IMPLICITLY_UPGRADED_FEDERATION_VERSION, Diagnostic
from plait_schema.federation import FEDERATION_1
from plait_schema.federation.specifications import APOLLO, known_specifications
from plait_schema.federation.versions import Version, print_version

_OLDER_THAN_THEIR_USE = frozenset(
    f"{APOLLO}/{name}" for name in ("authenticated", "requiresScopes", "policy")
)


def linked_versions(merged: MergedSchema) -> Iterator[Diagnostic]:
    """A specification that is linked by itself may need a later federation version than the subgraph's.

    Composition then takes the whole graph as one of that version.
    """
    latest = max((subgraph.version for subgraph in merged.subgraphs), default=FEDERATION_1)
    for subgraph in merged.subgraphs:
        for link in subgraph.links:
            needed = _needed(link.identity, link.version)
            if needed is not None and needed > latest:
                yield IMPLICITLY_UPGRADED_FEDERATION_VERSION.at(
                    None,
                    f'"{subgraph.name}" links {link.url}, which needs federation {print_version(needed)};'
                    f" the latest that a subgraph links is {print_version(latest)}.",
                    locations=subgraph.locate(link.node),
                )


def _needed(identity: str, version: Version) -> Version | None:
    """Specifications of authorization can be linked with any version: federation took them up later."""
    if identity in _OLDER_THAN_THEIR_USE:
        return None
    specification = known_specifications().get(identity)
    return specification.minimum_federation.get(version) if specification else None
