from collections.abc import Iterator

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import MergedUnion
from plait_schema.composition.rules.wording import named
from plait_schema.diagnostics import INCONSISTENT_UNION_MEMBER, Diagnostic


def union_members(merged: MergedSchema) -> Iterator[Diagnostic]:
    """A union has the members of all subgraphs; some of them may never come from some subgraphs."""
    for type_ in merged.types.values():
        if not isinstance(type_, MergedUnion):
            continue
        for member in type_.members:
            lacking = [
                each.name
                for each in type_.declared
                if member not in {named_type.name.value for named_type in each.node.types or ()}
            ]
            if lacking:
                yield INCONSISTENT_UNION_MEMBER.at(
                    type_.name,
                    f"{member} is not a member of {type_.name} in {named(lacking)}.",
                    subgraphs=[each.name for each in type_.declared],
                    locations=places(type_.declared),
                )
