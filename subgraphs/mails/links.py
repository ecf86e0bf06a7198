"""Where the links of mails lead. The academy has no pages of its own yet: behind each link is the operation
that the page would begin with, one of `operations/`, which are checked against the graph."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_OPERATIONS: Final = Path(__file__).parents[1] / "operations"


@dataclass(frozen=True, slots=True)
class Link:
    """What is asked behind a link: as whom, with which variables. What the reader has to say themselves is
    empty."""

    title: str
    operation: str
    variables: Mapping[str, object] = field(default_factory=dict)
    role: str | None = None


def link_to(place: Sequence[str], query: Mapping[str, str]) -> Link | None:
    """What stands behind a link of a mail: by the parts of its path, and what its question mark is before."""
    token = {"token": query.get("token", "")}
    match place:
        case ["verify-email"]:
            return Link("Verify an address", _read("verify-email"), token)
        case ["confirm-email"]:
            return Link("Use a new address", _read("confirm-email-change"), token)
        case ["reset-password"]:
            return Link("Choose another password", _read("reset-password"), {**token, "newPassword": ""})
        case ["forgot-password"]:
            return Link("Forgotten password", _read("forgot-password"), {"email": ""})
        case ["preferences"]:
            return Link("What one wants to hear", _read("my-notification-preferences"), role="student")
        case ["courses"]:
            return Link("Courses", _read("catalog"))
        case ["courses", course_id]:
            return Link("A course", _read("course-page"), {"courseId": course_id})
        case ["lessons", lesson_id]:
            return Link("A lesson", _read("lesson"), {"lessonId": lesson_id}, role="admin")
        case ["payments", payment_id]:
            return Link("A payment", _read("payment"), {"paymentId": payment_id}, role="admin")
        case ["invoices", invoice_id]:
            return Link("An invoice", _read("invoice"), {"invoiceId": invoice_id}, role="admin")
        case ["credit-notes", credit_note_id]:
            return Link("A credit note", _read("credit-note"), {"creditNoteId": credit_note_id}, role="admin")
        case ["submissions", submission_id]:
            return Link("What was handed in", _read("submission"), {"submissionId": submission_id}, "admin")
        case ["tutor", "courses" | "dashboard" | "profile"]:
            return Link("What a tutor sees first", _read("tutor-dashboard"), role="tutor")
        case ["admin"]:
            return Link("What the staff sees first", _read("staff-users"), {"limit": 10}, "admin")
        case _:
            return None


def _read(name: str) -> str:
    return (_OPERATIONS / f"{name}.graphql").read_text(encoding="utf-8")
