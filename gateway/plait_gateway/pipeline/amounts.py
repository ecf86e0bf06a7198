"""Amounts, some of which depend on the variables of a request: worked out in one pass, without recursion."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

ENDLESS: Final = 1e15
"""More than anybody counts to."""


@dataclass(frozen=True, slots=True)
class Later:
    """An amount that is known once there are variables: the number of the step that works it out."""

    step: int


Amount: TypeAlias = float | Later


@dataclass(frozen=True, slots=True)
class _Given:
    variable: str
    default: int | None
    otherwise: int  # where it is null


@dataclass(frozen=True, slots=True)
class _Sum:
    known: float
    others: tuple[Later, ...]


@dataclass(frozen=True, slots=True)
class _Product:
    left: Amount
    right: Amount


@dataclass(frozen=True, slots=True)
class _Largest:
    known: float
    others: tuple[Later, ...]


_Step: TypeAlias = _Given | _Sum | _Product | _Largest


class Amounts:
    """Makes amounts of others. Equal ones are one step, however often they are made."""

    def __init__(self) -> None:
        self._numbers: dict[_Step, int] = {}

    @property
    def steps(self) -> Sequence[_Step]:
        """What is to be worked out, each step from those before it."""
        return tuple(self._numbers)

    def given(self, variable: str, default: int | None, otherwise: int) -> Later:
        """What a variable says."""
        return self._later(_Given(variable, default, otherwise))

    def sum(self, amounts: Iterable[Amount]) -> Amount:
        """All of them together."""
        known, others = _apart(amounts)
        total = min(ENDLESS, sum(known))
        return self._later(_Sum(total, others)) if others else total

    def product(self, left: Amount, right: Amount) -> Amount:
        """One of them as often as the other says."""
        if isinstance(left, Later) or isinstance(right, Later):
            return self._later(_Product(left, right))
        return min(ENDLESS, left * right)

    def largest(self, amounts: Iterable[Amount]) -> Amount:
        """The largest of them; none is below 0."""
        known, others = _apart(amounts)
        most = max(known, default=0.0)
        return self._later(_Largest(most, others)) if others else most

    def _later(self, step: _Step) -> Later:
        return Later(self._numbers.setdefault(step, len(self._numbers)))


def worked_out(amount: Later, steps: Sequence[_Step], variables: Mapping[str, Any]) -> float:
    """What an amount is with these variables, given the steps up to it."""
    found: list[float] = []

    def of(one: Amount) -> float:
        return found[one.step] if isinstance(one, Later) else one

    for step in steps:
        match step:
            case _Given(variable, default, otherwise):
                value = variables.get(variable, default)
                found.append(float(max(0, value) if isinstance(value, int) else otherwise))
            case _Sum(known, others):
                found.append(min(ENDLESS, known + sum(map(of, others))))
            case _Product(left, right):
                found.append(min(ENDLESS, of(left) * of(right)))
            case _Largest(known, others):
                found.append(max(known, *map(of, others)))
    return found[amount.step]


def _apart(amounts: Iterable[Amount]) -> tuple[list[float], tuple[Later, ...]]:
    known: list[float] = []
    others: list[Later] = []
    for amount in amounts:
        if isinstance(amount, Later):
            others.append(amount)
        else:
            known.append(amount)
    return known, tuple(others)
