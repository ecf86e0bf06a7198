"""What a producer wants: its command of each number, the same whenever it is asked for."""

from random import Random
from typing import TypeAlias
from uuid import UUID, uuid5

from tests.subgraphs.chaos.notes import Deed, Remind, Say
from tests.subgraphs.kernel.house import DONE
from tests.subgraphs.kernel.shop import PlaceOrder
from tests.subgraphs.kernel.till import Sell

Wish: TypeAlias = PlaceOrder | Say | Remind | Sell

_REMINDERS = UUID("0b1f3c52-6f0e-4f0c-9d55-1b7d2f6e1a10")
_TOPICS = 5
_POISON = tuple(deed for deed in Deed if deed is not Deed.NOTHING)
_SENDERS_OF_A_REMINDER = 3
_ASKERS_OF_A_SALE = 2
_MOODS = {
    "well": 6,
    "busy": 3,
    "dropped": 2,
    "lost": 3,
    "hanging": 1,
    "garbled": 1,
    "twice": 1,
    "declined": 3,
}


def key_of(producer: str, number: int) -> str:
    """The idempotency key of a command."""
    return f"{producer}-{number}"


def wish(seed: int, producer: str, number: int) -> Wish:
    """The command of this number."""
    chance = Random(f"{seed} {producer} {number}")
    key = key_of(producer, number)
    kind = chance.random()
    if kind < 0.4:
        (customer,) = chance.choices(
            ["rich", "poor", "silent", "slow", "late"], weights=[60, 12, 8, 12, 8], k=1
        )
        return PlaceOrder(key, customer, "nowhere" if chance.random() < 0.1 else "home")
    if kind < 0.48:
        # Several producers send one reminder, each several times and for another hour.
        reminder = number // _SENDERS_OF_A_REMINDER
        minutes = tuple(chance.randrange(10) for _ in range(2))
        return Remind(str(uuid5(_REMINDERS, f"{seed} {reminder}")), minutes)
    if kind < 0.58:
        # Several producers want one thing paid.
        sale = f"sale {number // _ASKERS_OF_A_SALE}"
        return Sell(sale, _payer(Random(f"{seed} {sale}")))
    if kind < 0.98:
        return Say(f"{producer} on {number % _TOPICS}", number)
    return Say(f"poison {key}", number, chance.choice(_POISON))


def topic_of(chance: Random, producer: str) -> str:
    """Something that a producer talks about."""
    return f"{producer} on {chance.randrange(_TOPICS)}"


def is_paid(payer: str) -> bool:
    """Whether the house takes this payer's money in the end: what it does first decides."""
    return next((mood in DONE for mood in payer.split() if mood in DONE or mood == "declined"), True)


def _payer(chance: Random) -> str:
    """What the house does, each time that it is asked (tests/subgraphs/kernel/house.py)."""
    return " ".join(chance.choices(tuple(_MOODS), tuple(_MOODS.values()), k=chance.randrange(5)))
