"""What has to hold when all has come to rest, whoever was killed on the way."""

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.subgraphs.rush.graph import Graph
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
  payments(first: 100, after: $after) {
    nodes { id status method amount { amountMinor } student { id } course { id } }
    pageInfo { hasNextPage endCursor }
  }
}
"""


@dataclass(frozen=True)
class Academy:
    """Where to look: as the staff through the graph, in the provider's books, and with the command line."""

    staff: Graph
    told: Told
    data_dir: Path
    environment: Mapping[str, str]

    def violations(self) -> Iterator[str]:
        """Everything that does not hold, or not yet."""
        yield from self._enrolments()
        yield from self._progress()
        yield from self._money()
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
        """What the academy says of card payments is what the provider has in its books, and no course is paid
        twice by anybody."""
        books: Counter[str] = Counter()
        with sqlite3.connect(self.data_dir / "fake-payments.db") as connection:
            for payment, amount in connection.execute("SELECT payment_id, amount_minor FROM entry"):
                books[payment] += amount
        bought: Counter[tuple[str, str]] = Counter()
        for payment in self._payments():
            if payment["course"] and payment["status"] in ("PENDING", "COMPLETED"):
                bought[payment["student"]["id"], payment["course"]["id"]] += 1
            if payment["method"] != "CARD":
                continue
            id_, status, kept = payment["id"], payment["status"], books[payment["id"]]
            if status == "PENDING":
                yield f"payment {id_} is pending"
            elif kept != (payment["amount"]["amountMinor"] if status == "COMPLETED" else 0):
                yield f"payment {id_} is {status}, and the provider has {kept}"
        for (student, course), times in bought.items():
            if times > 1:
                yield f"course {course} is paid by {student} {times} times"

    def _payments(self) -> Iterator[dict[str, Any]]:
        after: str | None = None
        while True:
            page = self.staff.ask(_PAYMENTS, after=after)["payments"]
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
