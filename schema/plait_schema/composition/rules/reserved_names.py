from collections.abc import Iterator

from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import places
from plait_schema.diagnostics import TYPE_DEFINITION_INVALID, Diagnostic

_RESERVED = ("join__", "link__", "context__", "policy__", "requiresScopes__")


def reserved_names(merged: MergedSchema) -> Iterator[Diagnostic]:
    """The names of the supergraph's own machinery cannot stand for anything else."""
    for name, declared in merged.declared_types.items():
        if name.startswith(_RESERVED):
            yield TYPE_DEFINITION_INVALID.at(
                name,
                f"{name} begins like the types that a supergraph needs for itself.",
                locations=places(declared),
                fix="Rename the type.",
            )
