from collections.abc import Iterator

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merge.kinds import kind_of
from plait_schema.composition.rules.wording import who_says_what
from plait_schema.diagnostics import TYPE_KIND_MISMATCH, Diagnostic


def type_kinds(merged: MergedSchema) -> Iterator[Diagnostic]:
    """A name must stand for the same kind of type in all subgraphs.

    An @interfaceObject type counts as the interface that it stands for.
    """
    for name, declared in merged.declared_types.items():
        kinds = {each.name: str(kind_of(each.node)) for each in declared}
        if len(set(kinds.values())) > 1:
            yield TYPE_KIND_MISMATCH.at(
                name,
                f"{name} is {who_says_what(kinds)}.",
                locations=places(declared),
                fix="Rename one of them, or make them the same kind of type.",
            )
