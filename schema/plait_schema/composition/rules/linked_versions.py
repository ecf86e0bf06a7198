from collections.abc import Iterator

from plait_schema.composition.merge import MergedSchema
from plait_schema.diagnostics import IMPLICITLY_UPGRADED_FEDERATION_VERSION, Diagnostic
from plait_schema.federation import FEDERATION_1
from plait_schema.federation.specifications import APOLLO, known_specifications
from plait_schema.federation.versions import print_version

# The others are merged in the same way in all versions of Federation 2.
_UPGRADING = frozenset(f"{APOLLO}/{name}" for name in ("authenticated", "cost"))


def linked_versions(merged: MergedSchema) -> Iterator[Diagnostic]:
    """A specification that is linked by itself may need a later federation version than the subgraph's.

    Composition then takes the subgraph as one of that version.
    """
    for subgraph in merged.subgraphs:
        for link in subgraph.links:
            if subgraph.version == FEDERATION_1 or link.identity not in _UPGRADING:
                continue
            needed = known_specifications()[link.identity].minimum_federation.get(link.version)
            if needed is not None and needed > subgraph.version:
                yield IMPLICITLY_UPGRADED_FEDERATION_VERSION.at(
                    None,
                    f'"{subgraph.name}" links federation {print_version(subgraph.version)}, but is composed'
                    f" as one of {print_version(needed)}, which {link.url} needs.",
                    locations=subgraph.locate(link.node),
                    fix=f"Link federation {print_version(needed)} or later.",
                )
