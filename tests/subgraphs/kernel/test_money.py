"""Money is exact, and divided without losing a coin."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.kernel.domain import Currency, CurrencyMismatchError, DomainError, Failure, Money, Success

EUR, JPY, KWD = Currency("EUR"), Currency("JPY"), Currency("KWD")
amounts = st.integers(-(10**12), 10**12)
ratios = st.lists(st.integers(0, 1000), min_size=1, max_size=9).filter(any)


@pytest.mark.parametrize(
    ("text", "currency", "minor", "shown"),
    [
        ("49", EUR, 4900, "49.00 EUR"),
        ("49.90", EUR, 4990, "49.90 EUR"),
        ("0.1", EUR, 10, "0.10 EUR"),
        ("-0.01", EUR, -1, "-0.01 EUR"),
        ("4900", JPY, 4900, "4900 JPY"),
        ("1.005", KWD, 1005, "1.005 KWD"),
    ],
)
def test_an_amount_is_read_to_the_smallest_unit(
    text: str, currency: Currency, minor: int, shown: str
) -> None:
    assert Money.parse(text, currency) == Success(Money(minor, currency))
    assert str(Money(minor, currency)) == shown


@pytest.mark.parametrize("text", ["49.999", "a lot", "", "NaN", "Infinity", "1e400000000000000000000"])
def test_what_is_no_amount_of_the_currency_is_refused(text: str) -> None:
    error = DomainError("INVALID_AMOUNT", "This is not an amount in EUR", "amount")
    assert Money.parse(text, EUR) == Failure(error)


@pytest.mark.parametrize("code", ["eur", "EURO", "E1R", "ÄÖÜ", ""])
def test_a_currency_is_three_capitals(code: str) -> None:
    assert isinstance(Currency.parse(code), Failure)


def test_arithmetic_within_a_currency() -> None:
    assert Money(10, EUR) + Money(20, EUR) - Money(5, EUR) == Money(25, EUR)
    assert Money(10, EUR) * 3 == -Money(-30, EUR)
    assert Money(1, EUR) < Money(2, EUR) <= Money(2, EUR)
    assert Money(10, EUR).part(Fraction(1, 4)) == Money(2, EUR)  # 2.5, half to even
    assert not Money.zero(EUR).is_negative


def test_two_currencies_never_meet() -> None:
    for meet in (lambda: Money(1, EUR) + Money(1, JPY), lambda: Money(1, EUR) < Money(1, JPY)):
        with pytest.raises(CurrencyMismatchError, match=r"0\.01 EUR and 1 JPY"):
            meet()
    assert Money(1, EUR) != Money(1, JPY)


def test_a_coin_that_does_not_divide_goes_to_whom_rounding_costs_most() -> None:
    assert Money(100, EUR).allocate([1, 1, 1]) == (Money(34, EUR), Money(33, EUR), Money(33, EUR))
    assert Money(10, EUR).allocate([5, 0, 2]) == (Money(7, EUR), Money(0, EUR), Money(3, EUR))
    assert Money(-5, EUR).allocate([1, 1]) == (Money(-3, EUR), Money(-2, EUR))


@pytest.mark.parametrize("wrong", [[], [0, 0], [1, -1], [3, -1]])
def test_ratios_that_divide_nothing(wrong: list[int]) -> None:
    with pytest.raises(ValueError, match="ratios"):
        Money(1, EUR).allocate(wrong)


@given(amounts, ratios)
def test_parts_add_up_and_are_fair(amount: int, parts: list[int]) -> None:
    divided = Money(amount, EUR).allocate(parts)
    assert sum(divided, Money.zero(EUR)) == Money(amount, EUR)
    for part, ratio in zip(divided, parts, strict=True):
        assert abs(part.amount_minor - Fraction(amount * ratio, sum(parts))) < 1
