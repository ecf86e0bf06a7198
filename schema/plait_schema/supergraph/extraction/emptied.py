"""Types that a subgraph has nothing of, and what refers to them."""

from dataclasses import replace

from graphql import ScalarTypeDefinitionNode
from graphql.type import specified_scalar_types

from plait_schema.supergraph.extraction.definitions import Definitions
from plait_schema.supergraph.extraction.holdings import Holding


def without_emptied(holding: Holding, definitions: Definitions) -> Holding:
    """Without types that have nothing in them, as a query root to which only federation adds fields."""
    emptied = frozenset[str]()
    while True:
        holding = _without(emptied, holding, definitions)
        emptied = frozenset(
            name
            for name, held in holding.items()
            if held.is_empty and not isinstance(definitions.types[name], ScalarTypeDefinitionNode)
        )
        if not emptied:
            return holding


def _without(types: frozenset[str], holding: Holding, definitions: Definitions) -> Holding:
    kept = {*(holding.keys() - types), *specified_scalar_types}
    return {
        name: replace(
            held,
            fields={
                field: each
                for field, each in held.fields.items()
                if definitions.field_type(name, field, each.type) in kept
            },
            interfaces=tuple(interface for interface in held.interfaces if interface in kept),
            members=tuple(member for member in held.members if member in kept),
        )
        for name, held in holding.items()
        if name in kept
    }
