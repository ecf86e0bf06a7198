"""Contracts: the merged schema as a group of clients gets to see it, chosen by tags.

What a contract leaves out becomes @inaccessible: gateways go on planning over everything, and clients see
the rest. Each rule is a function in its own file, which tells what is hidden, as schema coordinates; it is
given what the rules before it have hidden. `RULES` is their index.
https://www.apollographql.com/docs/graphos/platform/schema-management/delivery/contracts/reference
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from plait_schema.composition.contracts.emptied import emptied
from plait_schema.composition.contracts.excluded import excluded
from plait_schema.composition.contracts.hiding import hide
from plait_schema.composition.contracts.not_included import not_included
from plait_schema.composition.contracts.unknown_tags import unknown_tags
from plait_schema.composition.contracts.unreachable import unreachable
from plait_schema.composition.contracts.wording import in_contract
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.rules import check_visible
from plait_schema.contract import Contract
from plait_schema.diagnostics import Diagnostic, in_order

__all__ = ["apply_contract", "check_contract"]

Rule: TypeAlias = Callable[[MergedSchema, Contract], frozenset[str]]

RULES: Final[tuple[Rule, ...]] = (
    excluded,
    not_included,
    emptied,  # what has nothing left goes as a whole
    unreachable,  # last: only what is left can be reached
)


def apply_contract(merged: MergedSchema, contract: Contract) -> MergedSchema:
    """The same schema, where what the contract does not show is @inaccessible."""
    for rule in RULES:
        merged = hide(merged, rule(merged, contract))
    return merged


def check_contract(filtered: MergedSchema, contract: Contract) -> tuple[Diagnostic, ...]:
    """What makes the API schema of the contract unusable, and tags that it names in vain.

    The rules are those of @inaccessible, in the words of contracts.
    """
    found = (in_contract(diagnostic, contract) for diagnostic in check_visible(filtered))
    return in_order([*found, *unknown_tags(filtered, contract)])
