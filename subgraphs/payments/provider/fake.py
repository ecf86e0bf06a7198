"""A payment provider for development. What it does with a card, the card's token says:

tok_visa            it is paid; so it is where no card is given
tok_declined        CARD_DECLINED
tok_no_money        INSUFFICIENT_FUNDS
tok_expired         EXPIRED_CARD
tok_slow            it is paid, after some seconds
tok_timeout         it is paid, and the first answer is lost
tok_unreachable     the provider cannot be reached at first, then it is paid
tok_kept            it is paid, and the first refund is declined: REFUND_DECLINED
tok_refund_timeout  it is paid, and the first answer to a refund is lost

Any other token is unknown: INVALID_CARD. Its books are a file of its own, so that it knows what it has done,
whatever becomes of the platform, and what it says of money can be held against what the platform says.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from subgraphs.kernel.effects.outcome import NotDoneError, Outcome, OutcomeUnknownError, Refused, Succeeded
from subgraphs.payments.provider.gateway import ChargeCard, LookUp, Receipt, RefundCharge

_DECLINES: Final = {
    "tok_declined": Refused("CARD_DECLINED", "The card was declined"),
    "tok_no_money": Refused("INSUFFICIENT_FUNDS", "There is not enough money on the account"),
    "tok_expired": Refused("EXPIRED_CARD", "The card has expired"),
}
_PAYING: Final = frozenset(
    {"tok_visa", "tok_slow", "tok_timeout", "tok_unreachable", "tok_kept", "tok_refund_timeout"}
)
_UNKNOWN_CARD: Final = Refused("INVALID_CARD", "There is no such card")
_NO_CHARGE: Final = Refused("NO_SUCH_CHARGE", "There was no such charge")
_TOO_MUCH: Final = Refused("REFUND_DECLINED", "There is not so much left of the charge")
_KEPT: Final = Refused("REFUND_DECLINED", "The refund was declined")

_BOOKS: Final = """
    CREATE TABLE IF NOT EXISTS asked (key TEXT PRIMARY KEY, times INTEGER NOT NULL, outcome TEXT);
    CREATE TABLE IF NOT EXISTS entry (
        reference TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, charge TEXT, card TEXT,
        payment_id TEXT NOT NULL, amount_minor INTEGER NOT NULL, currency TEXT NOT NULL
    );
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the books: what was taken for a payment, or, below zero, sent back."""

    payment_id: str
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class FakeGateway:
    """A `PaymentGateway` whose books are this SQLite file."""

    books: Path
    slow_seconds: float = 3.0
    name: str = field(default="fake payments", init=False)

    async def charge(self, key: str, charge: ChargeCard) -> Outcome[Receipt]:
        card = charge.card or "tok_visa"
        if card == "tok_slow":
            await asyncio.sleep(self.slow_seconds)
        times, outcome = self._charge(key, charge, card)
        if outcome is None:
            raise NotDoneError("the provider cannot be reached")
        if card == "tok_timeout" and times == 1:
            raise OutcomeUnknownError("the answer was lost")
        return outcome

    async def find_charge(self, key: str, charge: ChargeCard) -> Outcome[Receipt] | None:
        return self._find(key)

    async def refund(self, key: str, refund: RefundCharge) -> Outcome[Receipt]:
        times, card, outcome = self._refund(key, refund)
        if card == "tok_refund_timeout" and times == 1:
            raise OutcomeUnknownError("the answer was lost")
        return outcome

    async def find_refund(self, key: str, refund: RefundCharge) -> Outcome[Receipt] | None:
        return self._find(key)

    async def look_up(self, wanted: LookUp) -> Outcome[Receipt]:
        ending = f"%/{wanted.attempt}" if wanted.attempt else "%"
        with self._open() as books:
            row = books.execute(
                "SELECT reference FROM entry WHERE ? = coalesce(charge, reference) AND key LIKE ?",
                (wanted.reference, ending),
            ).fetchone()
        return Succeeded(Receipt(row[0]) if row else Receipt(wanted.reference, is_settled=False))

    def ledger(self) -> list[Entry]:
        """What was taken and sent back, in its order."""
        with self._open() as books:
            rows = books.execute("SELECT payment_id, amount_minor, currency FROM entry ORDER BY rowid")
            return [Entry(*row) for row in rows]

    def _charge(self, key: str, charge: ChargeCard, card: str) -> tuple[int, Outcome[Receipt] | None]:
        with self._open() as books:
            times = _asked(books, key)
            if card == "tok_unreachable" and times == 1:
                return times, None

            def decide() -> Outcome[Receipt]:
                if card not in _PAYING:
                    return _DECLINES.get(card, _UNKNOWN_CARD)
                entry = Entry(charge.payment_id, charge.amount_minor, charge.currency)
                return Succeeded(_enter(books, key, entry, card=card, charge=None))

            return times, _once(books, key, decide)

    def _refund(self, key: str, refund: RefundCharge) -> tuple[int, str | None, Outcome[Receipt]]:
        with self._open() as books:
            times = _asked(books, key)
            taken = books.execute(
                "SELECT card FROM entry WHERE reference = ?", (refund.reference,)
            ).fetchone()
            (left,) = books.execute(
                "SELECT coalesce(sum(amount_minor), 0) FROM entry WHERE ? IN (reference, charge)",
                (refund.reference,),
            ).fetchone()

            def decide() -> Outcome[Receipt]:
                if taken is None:
                    return _NO_CHARGE
                if left == 0:
                    return Succeeded(Receipt(refund.reference))
                if taken[0] == "tok_kept" and refund.attempt == 1:
                    return _KEPT
                if refund.is_part and refund.amount_minor > left:
                    return _TOO_MUCH
                sent = refund.amount_minor if refund.is_part else left
                entry = Entry(refund.payment_id, -sent, refund.currency)
                return Succeeded(_enter(books, key, entry, card=None, charge=refund.reference))

            return times, taken and taken[0], _once(books, key, decide)

    def _find(self, key: str) -> Outcome[Receipt] | None:
        with self._open() as books:
            return _known(books, key)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A transaction that nobody writes beside, committed at the end."""
        with closing(sqlite3.connect(self.books, timeout=10, isolation_level=None)) as books:
            books.execute("PRAGMA synchronous = OFF")  # outlives every process, and costs no time
            books.executescript(_BOOKS)
            books.execute("BEGIN IMMEDIATE")
            yield books
            books.execute("COMMIT")


def _asked(books: sqlite3.Connection, key: str) -> int:
    """How often this was asked for, this time included."""
    books.execute(
        "INSERT INTO asked (key, times) VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET times = times + 1",
        (key,),
    )
    (times,) = books.execute("SELECT times FROM asked WHERE key = ?", (key,)).fetchone()
    return int(times)


def _once(books: sqlite3.Connection, key: str, decide: Callable[[], Outcome[Receipt]]) -> Outcome[Receipt]:
    """What came of it the first time, which is now if there was none."""
    if (known := _known(books, key)) is not None:
        return known
    outcome = decide()
    content = msgspec.json.encode([isinstance(outcome, Succeeded), _content(outcome)]).decode()
    books.execute("UPDATE asked SET outcome = ? WHERE key = ?", (content, key))
    return outcome


def _known(books: sqlite3.Connection, key: str) -> Outcome[Receipt] | None:
    row = books.execute("SELECT outcome FROM asked WHERE key = ?", (key,)).fetchone()
    if row is None or row[0] is None:
        return None
    was_done, content = msgspec.json.decode(row[0])
    return Succeeded(msgspec.convert(content, Receipt)) if was_done else msgspec.convert(content, Refused)


def _content(outcome: Outcome[Receipt]) -> Receipt | Refused:
    match outcome:
        case Succeeded(receipt):
            return receipt
        case refused:
            return refused


def _enter(
    books: sqlite3.Connection, key: str, entry: Entry, *, card: str | None, charge: str | None
) -> Receipt:
    reference = f"fake_{sha256(key.encode()).hexdigest()[:16]}"
    books.execute(
        "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)",
        (reference, key, charge, card, entry.payment_id, entry.amount_minor, entry.currency),
    )
    return Receipt(reference)
