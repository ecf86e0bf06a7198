"""What the directives of federation are called in the extracted subgraphs."""

from collections.abc import Mapping
from dataclasses import dataclass

from plait_schema.federation.specifications import FEDERATION, elements_of
from plait_schema.federation.versions import LATEST
from plait_schema.supergraph.document import SupergraphDocument
from plait_schema.supergraph.extraction.definitions import Definitions

_MERGED = {
    "tag": "tag",
    "inaccessible": "inaccessible",
    "authenticated": "authenticated",
    "requiresScopes": "requiresScopes",
    "policy": "policy",
    "cost": "cost",
    "listSize": "cost",
    "context": "context",
}
"""The directives that a supergraph carries itself, with the specification that it links for each."""


@dataclass(frozen=True)
class Names:
    """Local names by element of the federation specification, and the other way round."""

    local: Mapping[str, str]
    elements: Mapping[str, str]

    def merged_element(self, name: str) -> str | None:
        """The element that a directive of the supergraph is, None when it is another specification's."""
        element = self.elements.get(name)
        return element if element in _MERGED else None


def read_names(document: SupergraphDocument, definitions: Definitions) -> Names:
    """A merged directive keeps the supergraph's name for it; others have their own, unless it is taken."""
    elements = elements_of(FEDERATION, LATEST)
    local: dict[str, str] = {}
    for element in elements.directives if elements else ():
        link = document.links.get(_MERGED.get(element, ""))
        if link is not None:
            local[element] = link.directive_name(element)
        else:
            local[element] = f"federation__{element}" if element in definitions.directives else element
    return Names(local, {name: element for element, name in local.items()})
