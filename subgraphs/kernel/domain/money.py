"""Amounts of money, exact to the smallest coin. No floats: 0.1 + 0.2 is not 0.3 in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from fractions import Fraction
from typing import Final, Self

from subgraphs.kernel.domain.errors import DomainError
from subgraphs.kernel.domain.result import Failure, Result, Success
from subgraphs.kernel.domain.value_object import ValueObject

_OTHER_DECIMAL_PLACES: Final = (
    ("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF", 0),
    ("BHD IQD JOD KWD LYD OMR TND", 3),
    ("CLF UYW", 4),
)
"""The currencies of ISO 4217 whose smallest unit is not a hundredth."""

_CODE_LETTERS: Final = 3


class CurrencyMismatchError(ValueError):
    """Amounts in two currencies were compared or added: a mistake in the program, not of its user."""


@dataclass(frozen=True, slots=True, order=True)
class Currency(ValueObject):
    """A currency by its ISO 4217 code."""

    code: str

    @classmethod
    def parse(cls, code: str, *, field: str = "currency") -> Result[Self, DomainError]:
        """INVALID_CURRENCY unless it is three capital letters."""
        if len(code) == _CODE_LETTERS and code.isascii() and code.isalpha() and code.isupper():
            return Success(cls(code))
        return Failure(
            DomainError("INVALID_CURRENCY", "A currency is three capital letters, like EUR", field)
        )

    @property
    def decimal_places(self) -> int:
        """How many digits its smallest unit takes."""
        return next((places for codes, places in _OTHER_DECIMAL_PLACES if self.code in codes), 2)

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class Money(ValueObject):
    """So many of the currency's smallest unit: 4900 EUR are 49.00 euros, 4900 JPY are 4900 yen.

    Negative amounts are debts. Arithmetic and comparison within one currency only; CurrencyMismatchError.
    """

    amount_minor: int
    currency: Currency

    @classmethod
    def zero(cls, currency: Currency) -> Self:
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str, currency: Currency, *, field: str = "amount") -> Result[Self, DomainError]:
        """Read an amount in major units, `49.00`; INVALID_AMOUNT, also when it is finer than the currency."""
        try:
            minor = Decimal(text).scaleb(currency.decimal_places)
            if minor.is_finite() and minor == (whole := minor.to_integral_value()):
                return Success(cls(int(whole), currency))
        except InvalidOperation:
            pass
        return Failure(DomainError("INVALID_AMOUNT", f"This is not an amount in {currency}", field))

    @property
    def is_negative(self) -> bool:
        return self.amount_minor < 0

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount_minor + self._minor_of(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount_minor - self._minor_of(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount_minor, self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.amount_minor * times, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount_minor < self._minor_of(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount_minor <= self._minor_of(other)

    def part(self, fraction: Fraction) -> "Money":
        """A share or a surcharge, rounded half to even: `part(Fraction(19, 100))` is 19 percent of it."""
        return Money(round(self.amount_minor * fraction), self.currency)

    def allocate(self, ratios: Sequence[int]) -> "tuple[Money, ...]":
        """Divide it in these proportions so that the parts add up to the whole.

        What does not divide goes coin by coin to those whom rounding has cost most, the first ones first.
        ValueError for no ratios, negative ones, or only zeros.
        """
        whole = sum(ratios)
        if whole <= 0 or min(ratios) < 0:
            raise ValueError("money is divided by ratios that are not negative and not all zero")
        sign, amount = (-1 if self.is_negative else 1), abs(self.amount_minor)
        parts = [amount * ratio // whole for ratio in ratios]
        by_loss = sorted(range(len(ratios)), key=lambda index: -(amount * ratios[index] % whole))
        for index in by_loss[: amount - sum(parts)]:
            parts[index] += 1
        return tuple(Money(sign * part, self.currency) for part in parts)

    def __str__(self) -> str:
        places = self.currency.decimal_places
        amount = Decimal(self.amount_minor).scaleb(-places)
        return f"{amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)} {self.currency}"

    def _minor_of(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise CurrencyMismatchError(f"{self} and {other} are in two currencies")
        return other.amount_minor
