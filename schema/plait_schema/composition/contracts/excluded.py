from plait_schema.composition.contracts.tags import tags_of
from plait_schema.composition.merge import MergedSchema
from plait_schema.contract import Contract


def excluded(merged: MergedSchema, contract: Contract) -> frozenset[str]:
    """An excluded tag hides what it is on, of whatever kind, and all that is inside it.

    It wins over an included tag on the same element.
    """
    return frozenset(
        element.coordinate for element in merged.elements() if contract.exclude & tags_of(element)
    )
