"""The domain's choices as GraphQL enums."""

from enum import StrEnum

import strawberry

from subgraphs.classes.domain.schedule import Weekday
from subgraphs.classes.domain.values import AttendanceStatus, ClassStatus, ClassType, EnrollmentStatus
from subgraphs.contracts.payments import PaymentMethod


class CreditEntryKind(StrEnum):
    """What a line of the ledger is about."""

    GRANTED = "GRANTED"
    DEDUCTED = "DEDUCTED"
    ADJUSTED = "ADJUSTED"


strawberry.enum(PaymentMethod, description="How somebody pays.")
strawberry.enum(ClassType, description="Whether many learn together or one alone.")
strawberry.enum(ClassStatus, description="OPEN takes students in, ACTIVE meets, COMPLETED is over.")
strawberry.enum(
    EnrollmentStatus,
    name="ClassEnrollmentStatus",
    description="SUSPENDED waits for money that has not come; CANCELLED has got it back, and left.",
)
strawberry.enum(AttendanceStatus, description="Who is present or late uses up one meeting.")
strawberry.enum(Weekday, description="A day of the week.")
strawberry.enum(CreditEntryKind, description="What a line of the credit ledger is about.")

__all__ = ["AttendanceStatus", "ClassStatus", "ClassType", "CreditEntryKind", "EnrollmentStatus", "Weekday"]
