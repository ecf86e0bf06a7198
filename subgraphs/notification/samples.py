"""What templates look like: values that stand for real ones, for previews."""

from collections.abc import Mapping
from typing import Final

from subgraphs.contracts.notification import VALUES, Template
from subgraphs.kernel.domain import Failure
from subgraphs.notification.domain.notification import Content
from subgraphs.notification.rendering import Reader, Renderer

READER: Final = Reader("Aisha", "Asia/Dhaka")

_VALUES: Final[Mapping[str, str]] = {
    "token": "9f2c-7a41",
    "new_email": "aisha@academy.example",
    "course_id": "b6e0a3a2-54f1-4c0c-8f6f-0b9a8d0c2d11",
    "class_id": "0f3f8f8e-2c51-47f1-a1b8-7a5c6f9f3b22",
    "lesson_id": "5d1c9f04-8f0e-4a86-9d0e-6b1c2a3d4e33",
    "payment_id": "e2a4c6d8-1b3f-4d5e-8a7c-9e0f1a2b3c44",
    "credit_note_id": "550e8400-e29b-41d4-a716-446655440088",
    "invoice_id": "7c9e6679-7425-40de-944b-e07fc1f90a55",
    "assignment_id": "3f2504e0-4f89-41d3-9a0c-0305e82c3366",
    "submission_id": "16fd2706-8baf-433b-82eb-8c7fada84777",
    "amount": "49.00 EUR",
    "reason": "CARD_DECLINED",
    "number": "2025-000042",
    "invoice_number": "2025-000041",
    "points": "17",
    "max_points": "20",
}
_KNOWN: Final[Mapping[str, str]] = {
    "changed_at": "2025-09-01T08:00:00+00:00",
    "expires_at": "2025-09-02T08:00:00+00:00",
    "respond_by": "2025-09-09T08:00:00+00:00",
    "course_title": "Salt & <Sails>: Seamanship",
    "class_title": "Monday sailors",
    "assignment_title": "Five knots",
}


def preview(renderer: Renderer, template: Template) -> Content:
    """What somebody would read."""
    needed = {name: _VALUES[name] for name in sorted(VALUES[template])}
    rendered = renderer.render(template, {**needed, **_KNOWN}, READER)
    assert not isinstance(rendered, Failure), "there is a sample of each value"
    return rendered.value
