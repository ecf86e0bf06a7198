"""Federation 1 reads over the keys of interfaces, so nothing can stand in for such an interface."""

from collections.abc import Iterator, Sequence

from plait_schema.diagnostics import INTERFACE_OBJECT_USAGE_ERROR, Diagnostic
from plait_schema.federation import applied
from plait_schema.subgraph.model import Subgraph


def check_interface_objects(subgraphs: Sequence[Subgraph]) -> Iterator[Diagnostic]:
    """No `@interfaceObject` for an interface whose key stands in a Federation 1 subgraph."""
    for subgraph in subgraphs:
        for name, node in subgraph.types.items():
            marks = applied(node, "interfaceObject")
            if not marks:
                continue
            outdated = [other.name for other in subgraphs if name in other.ignored_interface_keys]
            if outdated:
                yield INTERFACE_OBJECT_USAGE_ERROR.at(
                    name,
                    f"{name} is an @interfaceObject, but {', '.join(outdated)} has the interface's key in "
                    "Federation 1, where it means nothing.",
                    subgraphs=[subgraph.name, *outdated],
                    locations=subgraph.locate(*marks),
                    fix=f"Link federation v2.3 or later in {', '.join(outdated)}.",
                )
