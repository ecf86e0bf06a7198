"""From two graphs to the changes between them: every kind of change of every kind of element.

Each kind of element has a file of rules; `RULES` is their index. A rule is a generator over a comparison.
What no operation can mention is compared as everything else, and its changes are safe.
"""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from plait_schema.checks.changes.change import Change, Criticality, fingerprint
from plait_schema.checks.changes.comparison import Comparison
from plait_schema.checks.changes.graph import (
    Graph,
    graph_of_schema,
    graph_of_subgraph,
    graph_of_supergraph,
)
from plait_schema.checks.changes.rules import (
    applied_directives,
    arguments,
    costs,
    deprecation,
    descriptions,
    directives,
    enum_values,
    fields,
    input_fields,
    interfaces,
    roots,
    scalars,
    types,
    unions,
)
from plait_schema.checks.changes.rules.federation import contexts, entities, ownership, subgraphs

__all__ = [
    "RULES",
    "Change",
    "Criticality",
    "Graph",
    "diff",
    "fingerprint",
    "graph_of_schema",
    "graph_of_subgraph",
    "graph_of_supergraph",
]

Rule: TypeAlias = Callable[[Comparison], Iterator[Change]]

RULES: Final[tuple[Rule, ...]] = (
    roots.roots,
    types.types,
    scalars.specifications,
    interfaces.implementations,
    unions.members,
    enum_values.enum_values,
    fields.fields,
    arguments.arguments,
    input_fields.input_fields,
    input_fields.one_of,
    directives.directives,
    descriptions.descriptions,
    deprecation.deprecation,
    applied_directives.applied_directives,
    applied_directives.access_requirements,
    costs.weights,
    costs.list_sizes,
    subgraphs.subgraphs,
    entities.types,
    entities.keys,
    entities.interface_objects,
    ownership.resolvers,
    ownership.field_sets,
    ownership.overrides,
    contexts.contexts,
)

_ORDER: Final = {criticality: rank for rank, criticality in enumerate(Criticality)}


def diff(before: Graph, after: Graph) -> tuple[Change, ...]:
    """All changes: breaking ones first, then dangerous and safe ones, each by coordinate.

    Changes of who has what are found where both sides are supergraphs.
    """
    comparison = Comparison(before, after)
    found = {change for rule in RULES for change in rule(comparison)}
    return tuple(
        sorted(
            found,
            key=lambda change: (
                _ORDER[change.criticality],
                change.coordinate,
                change.code.name,
                change.message,
            ),
        )
    )
