"""What access requirements stand on elements of the merged schema, and whether one implies another."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from graphql import ConstDirectiveNode

from plait_schema.composition.merge.argument_strategies import alternatives

_LISTS: Final = {"requiresScopes": "scopes", "policy": "policies"}


@dataclass(frozen=True, slots=True)
class AccessRequirement:
    """One directive's demand: any of the alternatives, each of which is a set that must be there whole."""

    directive: str
    alternatives: frozenset[frozenset[str]]

    def is_implied_by(self, others: Iterable["AccessRequirement"]) -> bool:
        """Does whoever meets one of the others meet this one, too?"""
        return any(
            other.directive == self.directive
            and all(any(needed <= given for needed in self.alternatives) for given in other.alternatives)
            for other in others
        )

    def __str__(self) -> str:
        if self.directive not in _LISTS:
            return f"@{self.directive}"
        alternatives = ", ".join(
            f"[{', '.join(f'{chr(34)}{item}{chr(34)}' for item in sorted(alternative))}]"
            for alternative in sorted(self.alternatives, key=sorted)
        )
        return f"@{self.directive}({_LISTS[self.directive]}: [{alternatives}])"


def access_requirements(directives: Iterable[ConstDirectiveNode]) -> tuple[AccessRequirement, ...]:
    """What the applied directives ask for."""
    found: list[AccessRequirement] = []
    for directive in directives:
        name = directive.name.value
        if name == "authenticated":
            found.append(AccessRequirement(name, frozenset({frozenset()})))
        elif name in _LISTS:
            given = next(
                (each.value for each in directive.arguments or () if each.name.value == _LISTS[name]), None
            )
            found.append(AccessRequirement(name, frozenset(alternatives(given) if given else ())))
    return tuple(found)
