"""What students and the staff do in the academy, and what they were told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from tests.subgraphs.rush.graph import Graph

CARDS: Final = ("tok_visa", "tok_visa", "tok_visa", "tok_declined", "tok_timeout", "tok_unreachable")

COURSES: Final = """
{
  courseCatalog(first: 50) {
    nodes { id price { amountMinor } sections { lessons { exercises { id type } } } }
  }
}
"""
DASHBOARD: Final = """
{
  me {
    name
    enrollments(first: 10) { nodes { status course { title tutor { name tutorProfile { headline } } } } }
    playerStats { level totalXp }
    payments(first: 5) { nodes { status amount { amountMinor currency } } }
    notifications(first: 5) { nodes { subject } }
  }
}
"""
TAKEN: Final = "{ me { enrollments(first: 50) { nodes { course { id } } } } }"
LEADERBOARD: Final = "{ leaderboard(limit: 10) { rank xp user { name } } }"
SIGN_IN: Final = """
mutation ($input: LoginInput!) { login(input: $input) { accessToken user { id } errors { code } } }
"""
REGISTER_CARD: Final = """
mutation ($input: RegisterCardInput!) { registerCard(input: $input) { errors { code } } }
"""
REQUEST: Final = """
mutation ($input: RequestCourseEnrollmentInput!) {
  requestCourseEnrollment(input: $input) { enrollmentRequest { id } errors { code } }
}
"""
COMPLETE: Final = """
mutation ($input: CompleteExerciseInput!) {
  completeExercise(input: $input) { studentProgress { id } errors { code } }
}
"""
REFUND: Final = """
mutation ($input: InitiateRefundInput!) { initiateRefund(input: $input) { payment { id } errors { code } } }
"""
PAID: Final = "{ payments(first: 50) { nodes { id status method } } }"


@dataclass
class Told:
    """What the platform has said is so; the invariants hold it to that."""

    requests: dict[str, str] = field(default_factory=dict)  # of enrolments: id -> student
    completed: set[tuple[str, str]] = field(default_factory=set)  # student and exercise
    refunds: set[str] = field(default_factory=set)  # payments that were to be paid back
    refusals: dict[str, int] = field(default_factory=dict)

    def refused(self, payload: dict[str, Any]) -> bool:
        """Whether a mutation was refused, which is counted."""
        for error in payload["errors"]:
            self.refusals[error["code"]] = self.refusals.get(error["code"], 0) + 1
        return bool(payload["errors"])


@dataclass
class Student:
    """Somebody who reads, studies, enrols and pays."""

    id: str
    graph: Graph
    told: Told
    random: Random
    courses: list[dict[str, Any]]
    enrolled: list[dict[str, Any]] = field(default_factory=list)

    def act(self) -> None:
        """Do one of the things that students do."""
        actions: list[Callable[[], None]] = [self._read, self._read, self._study, self._study, self._enrol]
        self.random.choice(actions)()

    def _read(self) -> None:
        self.graph.ask(self.random.choice((DASHBOARD, LEADERBOARD, COURSES)))

    def _enrol(self) -> None:
        course = self.random.choice(self.courses)
        self.graph.ask(REGISTER_CARD, input={"token": self.random.choice(CARDS)})
        payload = self.graph.ask(REQUEST, input={"courseId": course["id"]})["requestCourseEnrollment"]
        if not self.told.refused(payload):
            self.told.requests[payload["enrollmentRequest"]["id"]] = self.id
        self.enrolled.append(course)

    def _study(self) -> None:
        if not self.enrolled:
            return
        course = self.random.choice(self.enrolled)
        exercises = [
            exercise["id"]
            for section in course["sections"]
            for lesson in section["lessons"]
            for exercise in lesson["exercises"]
            if exercise["type"] in ("READING", "PRACTICE")
        ]
        to_do = [one for one in exercises if (self.id, one) not in self.told.completed]
        if to_do:
            exercise = self.random.choice(to_do[:3])  # later lessons are locked
            payload = self.graph.ask(COMPLETE, input={"exerciseId": exercise, "score": 80})
            if not self.told.refused(payload["completeExercise"]):
                self.told.completed.add((self.id, exercise))


@dataclass
class Clerk:
    """Somebody of the staff who pays back."""

    graph: Graph
    told: Told
    random: Random

    def act(self) -> None:
        """Pay back a payment, if there is one that can be."""
        payments = self.graph.ask(PAID)["payments"]["nodes"]
        paid = [one["id"] for one in payments if one["status"] == "COMPLETED" and one["method"] == "CARD"]
        if paid and self.random.random() < 0.3:
            payment = self.random.choice(paid)
            payload = self.graph.ask(REFUND, input={"paymentId": payment, "reason": "changed their mind"})
            if not self.told.refused(payload["initiateRefund"]):
                self.told.refunds.add(payment)
