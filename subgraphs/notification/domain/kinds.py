"""What can be said: the category of each template, and how it is to be treated."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from subgraphs.contracts.notification import Template


class Category(StrEnum):
    """What people choose by. Nobody can turn off mails about their own account."""

    ACCOUNT = "ACCOUNT"
    LEARNING = "LEARNING"
    TEACHING = "TEACHING"
    PAYMENTS = "PAYMENTS"
    TIPS = "TIPS"

    @property
    def is_mandatory(self) -> bool:
        return self is Category.ACCOUNT


@dataclass(frozen=True, slots=True)
class Kind:
    """How a template is treated.

    What is `secret` opens an account: it is kept no longer than it takes to send it. `once_by` names the
    values of which somebody hears once, whoever asks for it; none of them: once in a lifetime. Without it
    they hear as often as it is asked for.
    """

    category: Category
    is_secret: bool = False
    once_by: tuple[str, ...] | None = None


KINDS: Final[Mapping[Template, Kind]] = {
    Template.WELCOME: Kind(Category.ACCOUNT, once_by=()),
    Template.VERIFY_EMAIL: Kind(Category.ACCOUNT, is_secret=True, once_by=("token",)),
    Template.VERIFY_EMAIL_REMINDER: Kind(Category.ACCOUNT, is_secret=True, once_by=("token",)),
    Template.PASSWORD_RESET: Kind(Category.ACCOUNT, is_secret=True, once_by=("token",)),
    Template.EMAIL_CHANGE: Kind(Category.ACCOUNT, is_secret=True, once_by=("token",)),
    Template.EMAIL_CHANGED: Kind(Category.ACCOUNT),
    Template.PASSWORD_CHANGED: Kind(Category.ACCOUNT),
    Template.COURSE_CREATED: Kind(Category.TEACHING, once_by=("course_id",)),
    Template.ENROLLMENT_CONFIRMED: Kind(Category.LEARNING),
    Template.ENROLLMENT_FAILED: Kind(Category.LEARNING),
    Template.LESSON_UNLOCKED: Kind(Category.LEARNING, once_by=("class_id", "lesson_id")),
    Template.PAYMENT_COMPLETED: Kind(Category.PAYMENTS, once_by=("payment_id",)),
    Template.PAYMENT_FAILED: Kind(Category.PAYMENTS, once_by=("payment_id",)),
    Template.PAYMENT_REFUNDED: Kind(Category.PAYMENTS, once_by=("payment_id",)),
    Template.PAYMENT_PARTLY_REFUNDED: Kind(Category.PAYMENTS),
    Template.PAYMENT_DISPUTED: Kind(Category.PAYMENTS),
    Template.CREDIT_NOTE_ISSUED: Kind(Category.PAYMENTS, once_by=("credit_note_id",)),
    Template.INVOICE_ISSUED: Kind(Category.PAYMENTS, once_by=("invoice_id",)),
    Template.SUBMISSION_GRADED: Kind(Category.LEARNING),
    Template.TUTOR_WELCOME: Kind(Category.TEACHING, once_by=()),
    Template.TUTOR_ONBOARDING: Kind(Category.ACCOUNT, once_by=()),
    Template.TUTOR_ONBOARDING_TIPS: Kind(Category.TIPS, once_by=()),
    Template.ADMIN_ONBOARDING: Kind(Category.ACCOUNT, once_by=()),
}
