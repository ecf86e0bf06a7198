"""What the rules of notifications answer when they say no."""

from typing import Final

from subgraphs.kernel.domain import DomainError

NOTIFICATION_NOT_FOUND: Final = DomainError(
    "NOTIFICATION_NOT_FOUND", "There is no such notification", "notificationId"
)
MANDATORY_CATEGORY: Final = DomainError(
    "MANDATORY_CATEGORY", "Mails about one's own account cannot be turned off", "category"
)
INVALID_PHONE_NUMBER: Final = DomainError(
    "INVALID_PHONE_NUMBER", "A phone number is + and 8 to 15 digits, like +4915112345678", "phoneNumber"
)
INVALID_DEVICE: Final = DomainError(
    "INVALID_DEVICE", "A device is known by a token of 1 to 512 visible ASCII characters", "token"
)
TOO_MANY_DEVICES: Final = DomainError("TOO_MANY_DEVICES", "Nobody has more than ten devices here", "token")
NOT_FAILED: Final = DomainError("NOT_FAILED", "Only what could not be sent is sent again")
CONTENT_GONE: Final = DomainError("CONTENT_GONE", "What it said is not kept; it has to be asked for anew")
RECIPIENT_UNKNOWN: Final = DomainError("RECIPIENT_UNKNOWN", "There is nobody of this id to be told")
TEMPLATE_VALUE_MISSING: Final = DomainError("TEMPLATE_VALUE_MISSING", "The template needs more values")
