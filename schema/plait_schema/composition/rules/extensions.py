from collections.abc import Iterator

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.rules.wording import named
from plait_schema.diagnostics import EXTENSION_WITH_NO_BASE, Diagnostic

_ROOTS = frozenset({"Query", "Mutation", "Subscription"})


def extensions(merged: MergedSchema) -> Iterator[Diagnostic]:
    """A type that is extended must be defined, in the same subgraph or another one.

    Root types are there without a definition.
    """
    for name, declared in merged.declared_types.items():
        if name not in _ROOTS and all(name in each.subgraph.extended for each in declared):
            subgraphs = [each.name for each in declared]
            yield EXTENSION_WITH_NO_BASE.at(
                name,
                f"{name} is extended in {named(subgraphs)}, but no subgraph defines it.",
                subgraphs=subgraphs,
                locations=places(declared),
                fix="Leave out the word extend, or check the name.",
            )
