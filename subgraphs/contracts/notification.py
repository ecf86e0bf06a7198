"""What notification can be asked to send, and what it tells about that."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.messaging.requests import Request


class Channel(StrEnum):
    """A way to somebody."""

    EMAIL = "EMAIL"
    PUSH = "PUSH"
    SMS = "SMS"


class Template(StrEnum):
    """What can be said. VALUES names what each needs to know for that."""

    WELCOME = "WELCOME"
    VERIFY_EMAIL = "VERIFY_EMAIL"
    VERIFY_EMAIL_REMINDER = "VERIFY_EMAIL_REMINDER"
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105 -- the name of a template
    EMAIL_CHANGE = "EMAIL_CHANGE"
    EMAIL_CHANGED = "EMAIL_CHANGED"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105 -- the name of a template
    COURSE_CREATED = "COURSE_CREATED"
    ENROLLMENT_CONFIRMED = "ENROLLMENT_CONFIRMED"
    ENROLLMENT_FAILED = "ENROLLMENT_FAILED"
    LESSON_UNLOCKED = "LESSON_UNLOCKED"
    PAYMENT_COMPLETED = "PAYMENT_COMPLETED"
    PAYMENT_FAILED = "PAYMENT_FAILED"
    PAYMENT_REFUNDED = "PAYMENT_REFUNDED"
    PAYMENT_PARTLY_REFUNDED = "PAYMENT_PARTLY_REFUNDED"
    PAYMENT_DISPUTED = "PAYMENT_DISPUTED"
    INVOICE_ISSUED = "INVOICE_ISSUED"
    CREDIT_NOTE_ISSUED = "CREDIT_NOTE_ISSUED"
    SUBMISSION_GRADED = "SUBMISSION_GRADED"
    TUTOR_WELCOME = "TUTOR_WELCOME"
    TUTOR_ONBOARDING = "TUTOR_ONBOARDING"
    TUTOR_ONBOARDING_TIPS = "TUTOR_ONBOARDING_TIPS"
    ADMIN_ONBOARDING = "ADMIN_ONBOARDING"


VALUES: Final[Mapping[Template, frozenset[str]]] = {
    Template.WELCOME: frozenset(),
    Template.VERIFY_EMAIL: frozenset({"token"}),
    Template.VERIFY_EMAIL_REMINDER: frozenset({"token"}),
    Template.PASSWORD_RESET: frozenset({"token"}),
    Template.EMAIL_CHANGE: frozenset({"token"}),
    Template.EMAIL_CHANGED: frozenset({"new_email"}),
    Template.PASSWORD_CHANGED: frozenset(),
    Template.COURSE_CREATED: frozenset({"course_id"}),
    Template.ENROLLMENT_CONFIRMED: frozenset({"course_id"}),
    Template.ENROLLMENT_FAILED: frozenset({"course_id", "reason"}),
    Template.LESSON_UNLOCKED: frozenset({"class_id", "course_id", "lesson_id"}),
    Template.PAYMENT_COMPLETED: frozenset({"payment_id", "amount"}),
    Template.PAYMENT_FAILED: frozenset({"payment_id", "reason"}),
    Template.PAYMENT_REFUNDED: frozenset({"payment_id", "amount"}),
    Template.PAYMENT_PARTLY_REFUNDED: frozenset({"payment_id", "amount"}),
    Template.PAYMENT_DISPUTED: frozenset({"payment_id", "amount"}),
    Template.INVOICE_ISSUED: frozenset({"invoice_id", "number", "amount"}),
    Template.CREDIT_NOTE_ISSUED: frozenset({"credit_note_id", "number", "invoice_number", "amount"}),
    Template.SUBMISSION_GRADED: frozenset({"assignment_id", "submission_id", "points", "max_points"}),
    Template.TUTOR_WELCOME: frozenset(),
    Template.TUTOR_ONBOARDING: frozenset(),
    Template.TUTOR_ONBOARDING_TIPS: frozenset(),
    Template.ADMIN_ONBOARDING: frozenset(),
}
"""The values that a SendNotification of each template has to bring; more does no harm. Names of people and
the titles of courses, classes and assignments are known by their ids. `amount` is for people: `49.00 EUR`."""


@dataclass(frozen=True, slots=True)
class NotificationSent(IntegrationEvent):
    """A provider has taken a message. It answers SendNotification, and is published as well; the key is the
    user's id."""

    type: ClassVar[str] = "notification.notification_sent"
    notification_id: str
    user_id: str | None
    template: Template
    channel: Channel
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class NotificationFailed(IntegrationEvent):
    """A message could not be sent, and will not be. The key is the user's id."""

    type: ClassVar[str] = "notification.notification_failed"
    notification_id: str
    user_id: str | None
    template: Template
    channel: Channel
    reason: str
    failed_at: datetime


@dataclass(frozen=True, slots=True)
class SendNotification(Request[NotificationSent]):
    """Tell somebody something; sent to `notification.send`, the user's id as its key.

    To a user, whose address and wishes are known there, or by mail alone to another address of theirs,
    `mail_to`; for people who are no users yet, to an `email` address. `values` fill the template; who asks
    twice under one message id has asked once.
    """

    type: ClassVar[str] = "notification.send_notification"
    template: Template
    user_id: str | None = None
    email: str | None = None
    values: dict[str, str] | None = None
    mail_to: str | None = None
