"""What has to hold when all has come to rest, whoever was killed on the way."""

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.subgraphs.rush import rules
from tests.subgraphs.rush.graph import Graph
from tests.subgraphs.rush.rules import Entry
from tests.subgraphs.rush.visitors import Told

_REPOSITORY: Final = Path(__file__).parents[3]
_PLAIT: Final = str(Path(sys.executable).with_name("plait"))

_REQUESTS: Final = """
query ($id: ID!) {
  enrollmentRequest(id: $id) {
    status reason price { amountMinor }
    payment { id status amount { amountMinor } }
    course { id }
    student { id enrollments(first: 100) { nodes { status course { id } } } }
  }
}
"""
_PROGRESS: Final = """
query ($id: ID!) {
  studentProgress(studentId: $id, limit: 100) { items { exercises { exercise { id } } } }
}
"""
_PAYMENTS: Final = """
query ($after: String) {
  page: payments(first: 100, after: $after) {
    nodes {
      id status method amount { amountMinor } refundedAmount { amountMinor } student { id } course { id }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
_INVOICES: Final = """
query ($after: String) {
  page: invoices(first: 100, after: $after) {
    nodes { number payment { id } creditNotes { number isReversal amount { amountMinor } } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
_STUDENT: Final = """
query ($id: ID!) {
  userById(id: $id) {
    enrollments(first: 100) { nodes { status course { id } payment { id } } }
    playerStats {
      totalXp
      recentXp(limit: 100) { amount source { ... on Exercise { id } } }
    }
  }
}
"""
_CLASS: Final = """
query ($id: ID!) {
  classDetail(id: $id) {
    capacity
    enrolledCount
    roster(first: 100) {
      nodes {
        id
        student { id }
        creditBalance
        presentCount
        lateCount
        attendance { meeting status }
        creditLedger(first: 100) { nodes { number delta balance meeting reason } }
      }
    }
  }
}
"""


@dataclass(frozen=True)
class Academy:
    """Where to look: as the staff through the graph, in the provider's books, and with the command line."""

    staff: Graph
    told: Told
    students: Sequence[str]
    data_dir: Path
    environment: Mapping[str, str]

    def violations(self) -> Iterator[str]:
        """Everything that does not hold, or not yet."""
        yield from self._enrolments()
        yield from self._progress()
        yield from self._money()
        yield from self._classes()
        yield from self._nothing_is_stuck()

    def _enrolments(self) -> Iterator[str]:
        """Every enrolment that was asked for is decided on: paid and in, or out and not paid."""
        for request_id in self.told.requests:
            request = self.staff.ask(_REQUESTS, id=request_id)["enrollmentRequest"]
            payment = request["payment"] or {"id": None, "status": None}
            active = [
                one
                for one in request["student"]["enrollments"]["nodes"]
                if one["course"]["id"] == request["course"]["id"] and one["status"] == "ACTIVE"
            ]
            match request["status"]:
                case "PENDING":
                    yield f"enrolment {request_id} is not decided on"
                case "COMPLETED":
                    is_paid_back = payment["id"] in self.told.refunds  # which puts the student out
                    is_paid = payment["status"] == "COMPLETED" or is_paid_back
                    if request["price"]["amountMinor"] and not is_paid:
                        yield f"enrolment {request_id} is complete, and its payment is {payment['status']}"
                    if len(active) != 1 and not (is_paid_back and not active):
                        yield f"enrolment {request_id} is complete, and the student is in {len(active)} times"
                case _:
                    if payment["status"] in ("COMPLETED", "PENDING"):
                        yield f"enrolment {request_id} failed, and its payment is {payment['status']}"

    def _progress(self) -> Iterator[str]:
        """What was said to be completed is."""
        for student in {student for student, _ in self.told.completed}:
            items = self.staff.ask(_PROGRESS, id=student)["studentProgress"]["items"]
            done = Counter(one["exercise"]["id"] for item in items for one in item["exercises"])
            for owner, exercise in self.told.completed:
                if owner == student and done[exercise] != 1:
                    yield f"exercise {exercise} of {student} is completed {done[exercise]} times"

    def _money(self) -> Iterator[str]:
        """What the academy says of payments is what the provider has in its books, and what students have."""
        payments = list(self._all(_PAYMENTS))
        with sqlite3.connect(self.data_dir / "fake-payments.db") as connection:
            lines = connection.execute("SELECT payment_id, amount_minor FROM entry ORDER BY rowid")
            yield from rules.books_are_the_payments([Entry(*line) for line in lines], payments)
        yield from rules.parts_have_gone_back(self.told.parts, payments)
        yield from rules.nothing_is_paid_twice(payments)
        invoices = list(self._all(_INVOICES))
        yield from rules.books_are_numbered_without_gaps(invoices)
        yield from rules.credits_are_what_has_gone_back(invoices, payments)
        for student in self.students:
            user = self.staff.ask(_STUDENT, id=student)["userById"]
            own = [one for one in payments if one["student"]["id"] == student]
            yield from rules.each_payment_has_its_place(own, user["enrollments"]["nodes"])
            completed = {exercise for one, exercise in self.told.completed if one == student}
            yield from rules.xp_is_earned_once(completed, user["playerStats"])

    def _classes(self) -> Iterator[str]:
        """Credit is what was granted and used up, attendance what was told, and no place is given twice."""
        for class_id in {class_id for class_id, _ in self.told.marked} | self.told.placed.keys():
            found = self.staff.ask(_CLASS, id=class_id)["classDetail"]
            for enrollment in found["roster"]["nodes"]:
                yield from rules.credit_is_its_ledger(enrollment)
                marks = {mark: told for (one, mark), told in self.told.marked.items() if one == class_id}
                yield from rules.attendance_is_as_told(marks, enrollment)
            if class_id in self.told.placed:
                yield from rules.no_place_is_given_twice(self.told.placed[class_id], found)

    def _all(self, query: str) -> Iterator[dict[str, Any]]:
        after: str | None = None
        while True:
            page = self.staff.ask(query, after=after)["page"]
            yield from page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]

    def _nothing_is_stuck(self) -> Iterator[str]:
        """No message is dead. Sagas that wait for a timer may be open."""
        ran = subprocess.run(
            [_PLAIT, "dlq", "list", "--data-dir", str(self.data_dir), "--format", "json"],
            cwd=_REPOSITORY,
            env=dict(self.environment),
            capture_output=True,
            check=False,
            text=True,
        )
        if ran.returncode:
            yield f"plait dlq list: {ran.stderr.strip()}"
            return
        for letter in json.loads(ran.stdout)["dead_letters"]:
            yield f"a message is dead: {letter}"
