"""What a producer wants: its command of each number, the same whenever it is asked for."""

from random import Random
from typing import TypeAlias
from uuid import UUID, uuid5

from tests.subgraphs.chaos.market import Deed, Remind, Say
from tests.subgraphs.kernel.shop import PlaceOrder

Wish: TypeAlias = PlaceOrder | Say | Remind

_REMINDERS = UUID("0b1f3c52-6f0e-4f0c-9d55-1b7d2f6e1a10")
_TOPICS = 5
_SENDERS_OF_A_REMINDER = 3


def key_of(producer: str, number: int) -> str:
    """The idempotency key of a command."""
    return f"{producer}-{number}"


def wish(seed: int, producer: str, number: int) -> Wish:
    """The command of this number."""
    chance = Random(f"{seed} {producer} {number}")
    key = key_of(producer, number)
    kind = chance.random()
    if kind < 0.45:
        (customer,) = chance.choices(
            ["rich", "poor", "silent", "slow", "late"], weights=[60, 12, 8, 12, 8], k=1
        )
        return PlaceOrder(key, customer, "nowhere" if chance.random() < 0.1 else "home")
    if kind < 0.55:
        # Several producers send one reminder, each several times and for another hour.
        reminder = number // _SENDERS_OF_A_REMINDER
        minutes = tuple(chance.randrange(10) for _ in range(2))
        return Remind(str(uuid5(_REMINDERS, f"{seed} {reminder}")), minutes)
    if kind < 0.98:
        return Say(f"{producer} on {number % _TOPICS}", number)
    return Say(f"poison {key}", number, Deed.RAISE if kind < 0.99 else Deed.KILL)


def poison(seed: int, producer: str, number: int) -> bool:
    """Whether the command of this number is one that nobody can handle."""
    match wish(seed, producer, number):
        case Say(deed=Deed.RAISE | Deed.KILL):
            return True
        case _:
            return False
