"""Each rule of a rush holds of what is right, and has been seen broken."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

from subgraphs.classes.domain.enrollment import ATTENDANCE_CORRECTED
from tests.subgraphs.rush import rules
from tests.subgraphs.rush.rules import Entry


def payment(
    id_: str, status: str, *, method: str = "CARD", course: str | None = "c", sent_back: int | None = None
) -> dict[str, Any]:
    if sent_back is None:
        sent_back = 100 if status == "REFUNDED" else 0
    return {
        "id": id_,
        "status": status,
        "method": method,
        "amount": {"amountMinor": 100},
        "refundedAmount": {"amountMinor": sent_back},
        "student": {"id": "s"},
        "course": course and {"id": course},
    }


def place(payment_id: str | None, status: str = "ACTIVE") -> dict[str, Any]:
    return {"status": status, "course": {"id": "c"}, "payment": payment_id and {"id": payment_id}}


def invoice(number: str, payment_id: str, *notes: dict[str, Any]) -> dict[str, Any]:
    return {"number": number, "payment": {"id": payment_id}, "creditNotes": notes}


def note(number: str, minor: int) -> dict[str, Any]:
    return {"number": number, "isReversal": minor < 0, "amount": {"amountMinor": abs(minor)}}


def line(
    number: int, delta: int, balance: int, meeting: int | None = None, reason: str | None = None
) -> dict[str, Any]:
    return {"number": number, "delta": delta, "balance": balance, "meeting": meeting, "reason": reason}


def enrollment(*lines: dict[str, Any], balance: int, present: int = 0) -> dict[str, Any]:
    return {
        "id": "e",
        "creditBalance": balance,
        "presentCount": present,
        "lateCount": 0,
        "creditLedger": {"nodes": lines},
        "attendance": [{"meeting": 1, "status": "PRESENT"}],
    }


def school_class(*students: str, counted: int) -> dict[str, Any]:
    roster = {"nodes": [{"student": {"id": one}} for one in students]}
    return {"capacity": 2, "enrolledCount": counted, "roster": roster}


def stats(total: int, *sources: str) -> dict[str, Any]:
    return {"totalXp": total, "recentXp": [{"amount": 10, "source": {"id": one}} for one in sources]}


PAID: Final = Entry("p", 100)
SENT: Final = Entry("p", -100)
PART: Final = Entry("p", -30)
LEDGER: Final = (line(2, -1, 2, meeting=1), line(1, 3, 3))
CORRECTED: Final = line(3, 1, 3, reason=ATTENDANCE_CORRECTED)

HOLDS: Final[tuple[Callable[[], Iterator[str]], ...]] = (
    lambda: rules.books_are_the_payments([PAID], [payment("p", "COMPLETED")]),
    lambda: rules.books_are_the_payments([PAID, SENT], [payment("p", "REFUNDED")]),
    lambda: rules.books_are_the_payments([PAID, PART, PART], [payment("p", "COMPLETED", sent_back=60)]),
    lambda: rules.books_are_the_payments([PAID, PART, Entry("p", -70)], [payment("p", "REFUNDED")]),
    lambda: rules.parts_have_gone_back({"p": 60}, [payment("p", "COMPLETED", sent_back=60)]),
    lambda: rules.books_are_the_payments(
        [], [payment("p", "FAILED"), payment("q", "PENDING", method="CASH")]
    ),
    lambda: rules.each_payment_has_its_place([payment("p", "COMPLETED")], [place("p"), place(None)]),
    lambda: rules.each_payment_has_its_place([payment("p", "REFUNDED")], [place("p", "CANCELLED")]),
    lambda: rules.each_payment_has_its_place([payment("p", "COMPLETED", course=None)], []),
    lambda: rules.nothing_is_paid_twice([payment("p", "COMPLETED"), payment("q", "REFUNDED")]),
    lambda: rules.books_are_numbered_without_gaps(
        [
            invoice("2026-000002", "q", note("CN-2026-000002", 10), note("CN-2026-000001", 10)),
            invoice("2026-000001", "p"),
        ]
    ),
    lambda: rules.credits_are_what_has_gone_back(
        [
            invoice("1", "p", note("1", 30), note("2", -30), note("3", 30)),
            invoice("2", "q"),
            invoice("3", "r", note("4", 100)),
            invoice("4", "t", note("5", 30), note("6", 70)),
        ],
        [
            payment("p", "COMPLETED", sent_back=30),
            payment("q", "COMPLETED"),
            payment("r", "FAILED"),
            payment("t", "REFUNDED"),
        ],
    ),
    lambda: rules.credit_is_its_ledger(enrollment(*LEDGER, balance=2, present=1)),
    lambda: rules.credit_is_its_ledger(enrollment(*LEDGER, CORRECTED, balance=3)),
    lambda: rules.attendance_is_as_told({("e", 1): "PRESENT", ("f", 1): "LATE"}, enrollment(balance=0)),
    lambda: rules.no_place_is_given_twice(["a", "b"], school_class("b", "a", counted=2)),
    lambda: rules.xp_is_earned_once(["x"], stats(20, "x", "y")),
)

BROKEN: Final[tuple[Callable[[], Iterator[str]], ...]] = (
    lambda: rules.books_are_the_payments([PAID, PAID], [payment("p", "COMPLETED")]),
    lambda: rules.books_are_the_payments([], [payment("p", "COMPLETED")]),
    lambda: rules.books_are_the_payments([PAID, PART, PART], [payment("p", "COMPLETED", sent_back=30)]),
    lambda: rules.books_are_the_payments([PAID, PART], [payment("p", "REFUNDED")]),
    lambda: rules.books_are_the_payments([PAID, PART], [payment("p", "COMPLETED")]),
    lambda: rules.parts_have_gone_back({"p": 60}, [payment("p", "COMPLETED", sent_back=30)]),
    lambda: rules.parts_have_gone_back({"p": 60}, []),
    lambda: rules.books_are_the_payments([PAID, SENT, PAID], [payment("p", "COMPLETED")]),
    lambda: rules.books_are_the_payments([PAID, SENT, SENT], [payment("p", "REFUNDED")]),
    lambda: rules.books_are_the_payments([PAID], [payment("p", "REFUNDED")]),
    lambda: rules.books_are_the_payments([PAID], [payment("p", "FAILED")]),
    lambda: rules.books_are_the_payments([], [payment("p", "PENDING")]),
    lambda: rules.books_are_the_payments([PAID], [payment("p", "COMPLETED", method="CASH")]),
    lambda: rules.books_are_the_payments([PAID], []),
    lambda: rules.each_payment_has_its_place([payment("p", "COMPLETED")], []),
    lambda: rules.each_payment_has_its_place([payment("p", "COMPLETED")], [place("p", "CANCELLED")]),
    lambda: rules.each_payment_has_its_place([payment("p", "COMPLETED")], [place("p"), place("p")]),
    lambda: rules.each_payment_has_its_place([payment("p", "REFUNDED")], [place("p")]),
    lambda: rules.each_payment_has_its_place([], [place("p")]),
    lambda: rules.nothing_is_paid_twice([payment("p", "COMPLETED"), payment("q", "PENDING")]),
    lambda: rules.books_are_numbered_without_gaps([invoice("2026-000001", "p"), invoice("2026-000003", "q")]),
    lambda: rules.books_are_numbered_without_gaps([invoice("2026-000001", "p"), invoice("2026-000001", "q")]),
    lambda: rules.books_are_numbered_without_gaps([invoice("2026-000001", "p"), invoice("2026-000002", "p")]),
    lambda: rules.books_are_numbered_without_gaps([invoice("2026-000001", "p", note("CN-2026-000002", 1))]),
    lambda: rules.credits_are_what_has_gone_back([invoice("1", "p")], [payment("p", "REFUNDED")]),
    lambda: rules.credits_are_what_has_gone_back([invoice("1", "p")], [payment("p", "FAILED")]),
    lambda: rules.credits_are_what_has_gone_back(
        [invoice("1", "p", note("1", 30), note("2", -30))], [payment("p", "COMPLETED", sent_back=30)]
    ),
    lambda: rules.credits_are_what_has_gone_back(
        [invoice("1", "p", note("1", 30), note("2", 30))], [payment("p", "COMPLETED", sent_back=30)]
    ),
    lambda: rules.credit_is_its_ledger(enrollment(*LEDGER, balance=3, present=1)),
    lambda: rules.credit_is_its_ledger(enrollment(*LEDGER, CORRECTED, balance=3, present=1)),
    lambda: rules.credit_is_its_ledger(enrollment(*LEDGER, balance=2, present=2)),
    lambda: rules.credit_is_its_ledger(
        enrollment(line(1, 3, 3), line(3, -1, 2, meeting=1), balance=2, present=1)
    ),
    lambda: rules.credit_is_its_ledger(enrollment(line(1, 3, 4), balance=3)),
    lambda: rules.credit_is_its_ledger(enrollment(line(1, -1, -1, meeting=1), balance=-1, present=1)),
    lambda: rules.attendance_is_as_told({("e", 1): "ABSENT"}, enrollment(balance=0)),
    lambda: rules.attendance_is_as_told({("e", 2): "PRESENT"}, enrollment(balance=0)),
    lambda: rules.no_place_is_given_twice(["a", "b", "c"], school_class("a", "b", "c", counted=3)),
    lambda: rules.no_place_is_given_twice(["a"], school_class("a", counted=2)),
    lambda: rules.no_place_is_given_twice(["a", "b"], school_class("a", counted=1)),
    lambda: rules.xp_is_earned_once(["x"], stats(20, "x", "x")),
    lambda: rules.xp_is_earned_once(["x"], stats(10, "y")),
    lambda: rules.xp_is_earned_once([], stats(20, "y")),
)


@pytest.mark.parametrize("rule", HOLDS)
def test_what_is_right_holds(rule: Callable[[], Iterator[str]]) -> None:
    assert list(rule()) == []


@pytest.mark.parametrize("rule", BROKEN)
def test_what_is_wrong_is_said_once(rule: Callable[[], Iterator[str]]) -> None:
    assert len(list(rule())) == 1
