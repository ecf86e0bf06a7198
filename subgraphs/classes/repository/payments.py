"""What payments has told about payments for classes."""

from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.classes.domain.identifiers import ClassId, StudentId
from subgraphs.classes.tables import payment, school_class
from subgraphs.contracts.payments import PaymentCompleted, PaymentInitiated, PaymentStatus

_STANDING = (PaymentStatus.PENDING, PaymentStatus.COMPLETED)


async def note_payment(
    connection: AsyncConnection,
    told: PaymentInitiated | PaymentCompleted,
    status: PaymentStatus,
    at: datetime,
) -> None:
    """Know a payment for a class, and how far it has come."""
    row = {
        "id": told.payment_id,
        "class_id": told.class_id,
        "student_id": told.student_id,
        "amount_minor": told.amount_minor,
        "currency": told.currency,
        "initiated_at": at,
    }
    statement = insert(payment).values(**row, status=status)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=[payment.c.id], set_={"status": status})
    )


async def note_payment_status(connection: AsyncConnection, payment_id: str, status: PaymentStatus) -> None:
    """What has become of a payment, if it is for a class."""
    await connection.execute(update(payment).where(payment.c.id == payment_id).values(status=status))


async def has_begun_to_pay(connection: AsyncConnection, class_id: ClassId, student_id: StudentId) -> bool:
    """Whether a student has paid something for a class, or is about to."""
    standing = exists().where(
        payment.c.class_id == str(class_id),
        payment.c.student_id == str(student_id),
        payment.c.status.in_(_STANDING),
    )
    return bool(await connection.scalar(select(standing)))


async def is_class(connection: AsyncConnection, class_id: str) -> bool:
    return bool(await connection.scalar(select(exists().where(school_class.c.id == class_id))))
