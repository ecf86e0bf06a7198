"""What has to hold of what was found in the end: plain data in, what does not hold out."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from subgraphs.classes.domain.enrollment import ATTENDANCE_CORRECTED


class Entry(NamedTuple):
    """A line of the provider's books: what was taken for a payment, or, below zero, sent back."""

    payment_id: str
    amount_minor: int


def books_are_the_payments(books: Sequence[Entry], payments: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Of each card payment the provider has what its status says, by one charge at most and with as much sent
    back as is known of; and nothing else."""
    charges: dict[str, list[int]] = {}
    for entry in books:
        charges.setdefault(entry.payment_id, []).append(entry.amount_minor)
    for payment in payments:
        moved = charges.pop(payment["id"], [])
        if payment["method"] != "CARD":
            if moved:
                yield f"payment {payment['id']} is by hand, and the provider has moved {moved}"
            continue
        amount, sent_back = payment["amount"]["amountMinor"], payment["refundedAmount"]["amountMinor"]
        is_charged = moved[:1] == [amount] and all(one < 0 for one in moved[1:])
        match payment["status"]:
            case "PENDING":
                yield f"payment {payment['id']} is pending"
            case "COMPLETED" if not (is_charged and sum(moved) == amount - sent_back > 0):
                known = f"is completed, and {sent_back} of it sent back"
                yield f"payment {payment['id']} {known}, and the provider has moved {moved}"
            case "REFUNDED" if not (is_charged and sum(moved) == amount - sent_back == 0):
                yield f"payment {payment['id']} is refunded, and the provider has moved {moved}"
            case "FAILED" if moved and not (is_charged and sum(moved) == 0):
                yield f"payment {payment['id']} failed, and the provider has moved {moved}"
    for payment_id, moved in charges.items():
        yield f"the provider has moved {moved} for {payment_id}, which is no payment"


def parts_have_gone_back(parts: Mapping[str, int], payments: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """What the staff was told of as sent back in parts, of each payment, has gone."""
    sent_back = {one["id"]: one["refundedAmount"]["amountMinor"] for one in payments}
    for payment_id, amount in parts.items():
        if (gone := sent_back.get(payment_id, 0)) < amount:
            yield f"{amount} of payment {payment_id} was sent back, and {gone} has gone"


def each_payment_has_its_place(
    payments: Iterable[Mapping[str, Any]], enrollments: Iterable[Mapping[str, Any]]
) -> Iterator[str]:
    """What a student has paid for a course, and not got back, has bought one place; nothing else has bought
    any."""
    places = Counter(
        one["payment"]["id"] for one in enrollments if one["status"] == "ACTIVE" and one["payment"]
    )
    for payment in payments:
        bought = places.pop(payment["id"], 0)
        wanted = payment["status"] == "COMPLETED" and payment["course"] is not None
        if bought != wanted:
            yield f"payment {payment['id']} is {payment['status']}, and has bought {bought} places"
    for payment_id in places:
        yield f"a place was bought by {payment_id}, which is no payment"


def nothing_is_paid_twice(payments: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A student pays for a course, or is about to, once at a time."""
    bought = Counter(
        (one["student"]["id"], one["course"]["id"])
        for one in payments
        if one["course"] is not None and one["status"] in ("PENDING", "COMPLETED")
    )
    for (student, course), times in bought.items():
        if times > 1:
            yield f"course {course} is paid by {student} {times} times"


def books_are_numbered_without_gaps(invoices: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Invoices and their credit notes, by year from 1; a payment has one invoice at most."""
    series: dict[str, list[int]] = {}
    for one in (*invoices, *(note for invoice in invoices for note in invoice["creditNotes"])):
        year, _, place = one["number"].rpartition("-")
        series.setdefault(year, []).append(int(place))
    for year, places in series.items():
        if sorted(places) != list(range(1, len(places) + 1)):
            yield f"what is called {year}-... is numbered {sorted(places)}"
    for payment_id, count in Counter(one["payment"]["id"] for one in invoices).items():
        if count > 1:
            yield f"payment {payment_id} has {count} invoices"


def credits_are_what_has_gone_back(
    invoices: Iterable[Mapping[str, Any]], payments: Iterable[Mapping[str, Any]]
) -> Iterator[str]:
    """The credit notes of an invoice are together what has gone back of its payment, all if it failed."""
    by_id = {one["id"]: one for one in payments}
    for invoice in invoices:
        payment = by_id[invoice["payment"]["id"]]
        credited = sum(
            note["amount"]["amountMinor"] * (-1 if note["isReversal"] else 1)
            for note in invoice["creditNotes"]
        )
        gone = payment["amount" if payment["status"] == "FAILED" else "refundedAmount"]["amountMinor"]
        if credited != gone:
            yield f"{credited} of invoice {invoice['number']} is credited, and {gone} has gone back"


def credit_is_its_ledger(enrollment: Mapping[str, Any]) -> Iterator[str]:
    """Of a student in a class: each line follows from the one before, the last one is the balance, and each
    time that the student was there has used up one meeting."""
    lines = sorted(enrollment["creditLedger"]["nodes"], key=lambda line: line["number"])
    balance = 0
    for number, line in enumerate(lines, start=1):
        balance += line["delta"]
        if (line["number"], line["balance"]) != (number, balance) or balance < 0:
            yield f"line {number} of the ledger of {enrollment['id']} is {line}, and should leave {balance}"
    if enrollment["creditBalance"] != balance:
        yield f"the balance of {enrollment['id']} is {enrollment['creditBalance']}, and should be {balance}"
    used = -sum(
        line["delta"]
        for line in lines
        if line["meeting"] is not None or line["reason"] == ATTENDANCE_CORRECTED
    )
    there = enrollment["presentCount"] + enrollment["lateCount"]
    if used != there:
        yield f"{enrollment['id']} has used up {used} meetings, and was at {there}"


def attendance_is_as_told(
    told: Mapping[tuple[str, int], str], enrollment: Mapping[str, Any]
) -> Iterator[str]:
    """What was last said of a student at a meeting is what is written."""
    written = {(enrollment["id"], one["meeting"]): one["status"] for one in enrollment["attendance"]}
    for mark, status in told.items():
        if mark[0] == enrollment["id"] and written.get(mark) != status:
            yield f"{mark} was told to be {status}, and is {written.get(mark)}"


def no_place_is_given_twice(told: Collection[str], class_: Mapping[str, Any]) -> Iterator[str]:
    """In a class are those who were told so, as many as it has places at most."""
    inside = [one["student"]["id"] for one in class_["roster"]["nodes"]]
    if len(inside) > class_["capacity"] or len(inside) != class_["enrolledCount"]:
        yield f"{len(inside)} are in a class of {class_['capacity']} that counts {class_['enrolledCount']}"
    if sorted(inside) != sorted(told):
        yield f"{sorted(inside)} are in a class, and {sorted(told)} were told so"


def xp_is_earned_once(exercises: Collection[str], stats: Mapping[str, Any]) -> Iterator[str]:
    """For each completed exercise there is XP, once; what was earned is the total."""
    earned = Counter(one["source"].get("id") for one in stats["recentXp"])
    for exercise in exercises:
        if earned[exercise] != 1:
            yield f"exercise {exercise} has earned XP {earned[exercise]} times"
    total = sum(one["amount"] for one in stats["recentXp"])
    if stats["totalXp"] != total:
        yield f"a player has {stats['totalXp']} XP, and has earned {total}"
