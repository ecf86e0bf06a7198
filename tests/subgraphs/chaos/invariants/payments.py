"""The payment house has done what it was asked for, once, whatever it said and whoever died meanwhile."""

from collections import Counter

from tests.subgraphs.chaos.invariants.finding import Case, Finding
from tests.subgraphs.chaos.plan import is_paid, wish
from tests.subgraphs.kernel.till import CHARGE, ChargeSale, Sell


async def one_payment_per_sale(case: Case) -> Finding:
    """In the books of the house, under its idempotency key: nothing is charged twice, unasked or in vain."""
    charged = Counter(charge["key"] for charge in case.charges)
    sales = await _sales(case)
    expected = {CHARGE.key_of(ChargeSale(*sale)) for sale in sales.items() if is_paid(sale[1])}
    violations = [
        *(f"{key} was charged {times} times" for key, times in sorted(charged.items()) if times > 1),
        *(f"{key} was not charged" for key in sorted(expected - set(charged))),
        *(f"{key} was charged, and should not be" for key in sorted(set(charged) - expected)),
    ]
    return Finding.of(
        "one effect per key at the provider", violations, sales=len(sales), charges=charged.total()
    )


async def every_sale_is_concluded_once(case: Case) -> Finding:
    """With what the house has in its books."""
    answers = await case.rows("SELECT sale_id, what FROM till_answer")
    found = Counter((row.sale_id, row.what) for row in answers)
    charged = {charge["key"] for charge in case.charges}
    expected = Counter(
        (sale_id, "charged" if CHARGE.key_of(ChargeSale(sale_id, payer)) in charged else "NO_MONEY")
        for sale_id, payer in (await _sales(case)).items()
    )
    violations = [
        *(
            f"{sale_id}: nobody has heard of {what}"
            for sale_id, what in sorted((expected - found).elements())
        ),
        *(f"{sale_id}: {what} was told wrongly" for sale_id, what in sorted((found - expected).elements())),
    ]
    return Finding.of("every effect is concluded once", violations, concluded=found.total())


async def _sales(case: Case) -> dict[str, str]:
    """Who pays for each sale that somebody has asked for."""
    done = await case.rows("SELECT DISTINCT command FROM market_carried_out")
    wishes = (wish(case.seed, *_origin(row.command)) for row in done)
    return {one.sale_id: one.payer for one in wishes if isinstance(one, Sell)}


def _origin(key: str) -> tuple[str, int]:
    producer, _, number = key.rpartition("-")
    return producer, int(number)
