"""What students and the staff do in the academy, and what they were told."""

from collections import Counter
from collections.abc import Callable, Sequence
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
PAY: Final = """
mutation ($input: CreatePaymentInput!) { createPayment(input: $input) { payment { id } errors { code } } }
"""
INVOICE: Final = """
mutation ($input: IssueInvoiceInput!) { issueInvoice(input: $input) { invoice { id } errors { code } } }
"""
CREATE_CLASS: Final = """
mutation ($input: CreateClassInput!) { createClass(input: $input) { class { id } errors { code } } }
"""
ENROLL_IN_CLASS: Final = """
mutation ($input: EnrollStudentInClassInput!) {
  enrollStudentInClass(input: $input) { enrollment { id } errors { code } }
}
"""
MEETING: Final = """
{
  classList(status: ACTIVE, first: 50) {
    nodes { id heldMeetings totalMeetings roster(first: 30) { nodes { id student { id } } } }
  }
}
"""
MARK: Final = """
mutation ($input: MarkAttendanceInput!) {
  markAttendance(input: $input) { enrollment { id } errors { code } }
}
"""


@dataclass
class Told:
    """What the platform has said is so; the invariants hold it to that."""

    requests: dict[str, str] = field(default_factory=dict)  # of enrolments: id -> student
    completed: set[tuple[str, str]] = field(default_factory=set)  # student and exercise
    refunds: set[str] = field(default_factory=set)  # payments that were to be paid back
    parts: Counter[str] = field(default_factory=Counter)  # how much of others was
    placed: dict[str, list[str]] = field(default_factory=dict)  # of classes: the students who were let in
    marked: dict[tuple[str, tuple[str, int]], str] = field(default_factory=dict)  # class, enrolment, meeting
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
        actions: list[Callable[[], None]] = [
            *(self._read, self._read, self._study, self._study),
            *(self._enrol, self._pay),
        ]
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

    def _pay(self) -> None:
        """Pay for a course without asking for it: all of its price, or too little, which has to come back."""
        course = self.random.choice([one for one in self.courses if one["price"]["amountMinor"]])
        price = {"amountMinor": self.random.choice((course["price"]["amountMinor"], 1))}
        card = self.random.choice(CARDS)
        payload = self.graph.ask(PAY, input={"amount": price, "courseId": course["id"], "card": card})
        self.told.refused(payload["createPayment"])

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
    """Somebody of the staff who pays back, issues invoices, fills classes and marks who was there.

    Clerks share the classes that they fill, which have fewer places than there are students. Of those that
    meet, each has her own.
    """

    graph: Graph
    told: Told
    random: Random
    students: Sequence[str]
    meets: Sequence[dict[str, Any]]

    def act(self) -> None:
        """Do one of the things that the staff does."""
        self.random.choice((self._pay_back, self._issue_invoice, self._let_in, self._mark, self._mark))()

    def _pay_back(self) -> None:
        if (payment := self._some_payment("CARD")) is not None and self.random.random() < 0.3:
            refund: dict[str, Any] = {"paymentId": payment, "reason": "changed their mind"}
            part = self.random.choice((None, 100))
            if part is not None:
                refund["amount"] = {"amountMinor": part}
            if self.told.refused(self.graph.ask(REFUND, input=refund)["initiateRefund"]):
                return
            if part is None:
                self.told.refunds.add(payment)
            else:
                self.told.parts[payment] += part

    def _issue_invoice(self) -> None:
        if (payment := self._some_payment("CARD", "BANK_TRANSFER", "CASH")) is not None:
            self.told.refused(self.graph.ask(INVOICE, input={"paymentId": payment})["issueInvoice"])

    def _some_payment(self, *methods: str) -> str | None:
        payments = self.graph.ask(PAID)["payments"]["nodes"]
        paid = [one["id"] for one in payments if one["status"] == "COMPLETED" and one["method"] in methods]
        return self.random.choice(paid) if paid else None

    def _let_in(self) -> None:
        class_id, student = self.random.choice(list(self.told.placed)), self.random.choice(self.students)
        entry = {"classId": class_id, "studentId": student, "paymentAmount": {"amountMinor": 4900}}
        payload = self.graph.ask(ENROLL_IN_CLASS, input=entry)["enrollStudentInClass"]
        if not self.told.refused(payload):
            self.told.placed[class_id].append(student)

    def _mark(self) -> None:
        class_ = self.random.choice(self.meets)
        enrollment = self.random.choice(class_["roster"]["nodes"])
        meeting = self.random.randint(1, class_["totalMeetings"])
        status = self.random.choice(("PRESENT", "LATE", "ABSENT"))
        mark = {"classId": class_["id"], "studentId": enrollment["student"]["id"], "meeting": meeting}
        payload = self.graph.ask(MARK, input={**mark, "status": status})["markAttendance"]
        if not self.told.refused(payload):
            self.told.marked[class_["id"], (enrollment["id"], meeting)] = status
