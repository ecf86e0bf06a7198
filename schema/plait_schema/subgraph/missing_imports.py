"""How to make a directive known that a specification has and the document does not import."""

from collections.abc import Set as AbstractSet

from graphql import DirectiveNode, Node

from plait_schema.federation.names import Vocabulary
from plait_schema.federation.specifications import (
    FEDERATION,
    elements_of,
    federation_1,
    federation_1_when_defined,
    known_specifications,
)
from plait_schema.federation.versions import FEDERATION_1, LATEST, print_version


def how_to_import(node: Node, vocabulary: Vocabulary, applied: AbstractSet[str]) -> str | None:
    """What to write when the node applies a directive of a specification under a name that is not known.

    `applied` are the names of all directives that the document applies: a first link has to import them.
    """
    if not isinstance(node, DirectiveNode) or node.name.value in vocabulary.directives:
        return None
    name = node.name.value
    for link in vocabulary.unknown_versions:
        if f"@{name}" in link.imports.values() or name.partition("__")[0] == link.namespace:
            newest = max(known_specifications()[link.identity].versions)
            return f"{link.url} is not known here: link {link.identity}/{print_version(newest)} instead."
    element = name.rpartition("__")[2]
    since = [
        version
        for version, elements in known_specifications()[FEDERATION].versions.items()
        if element in elements.directives
    ]
    if not since:
        return None
    known = elements_of(FEDERATION, vocabulary.version)
    if known and element in known.directives:
        local = next(local for local, canonical in vocabulary.canonical.items() if canonical == element)
        if local != f"{name.rpartition('__')[0] or 'federation'}__{element}":
            return f"It is called @{local} here."
        return f'Import it, @link(url: "...", import: ["@{element}"]), or write @{local}.'
    is_first = vocabulary.version == FEDERATION_1
    version = LATEST if is_first else min(since)
    url = f"{FEDERATION}/{print_version(version)}"
    elements = known_specifications()[FEDERATION].versions[version].directives
    unlinked = {**federation_1_when_defined(), **federation_1().directives}
    linked = {known for known, node in vocabulary.directives.items() if node is not unlinked.get(known)}
    imported = sorted({element, *(applied & elements.keys() - linked)}) if is_first else [element]
    names = ", ".join(f'"@{name}"' for name in imported)
    written = f'extend schema @link(url: "{url}", import: [{names}])'
    if is_first:
        return (
            f"Link federation, since a schema without it is one of Federation 1, which lacks it: {written}."
        )
    return f"Link a version that has it: {written}."
