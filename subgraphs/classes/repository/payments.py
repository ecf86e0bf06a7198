"""What payments has told about payments for classes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.classes.domain.values import EnrollmentStatus
from subgraphs.classes.tables import enrollment, payment, school_class
from subgraphs.contracts.payments import PaymentCompleted, PaymentInitiated, PaymentStatus
from subgraphs.kernel.domain import Currency, Money

_STANDING = (PaymentStatus.PENDING, PaymentStatus.COMPLETED)


@dataclass(frozen=True, slots=True)
class PaidFor:
    """Whose money it is, and for which class."""

    class_id: str
    student_id: str


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


async def note_payment_status(
    connection: AsyncConnection, payment_id: str, status: PaymentStatus
) -> PaidFor | None:
    """What has become of a payment, if it is for a class."""
    noted = update(payment).where(payment.c.id == payment_id).values(status=status)
    rows = await connection.execute(noted.returning(payment.c.class_id, payment.c.student_id))
    row = rows.one_or_none()
    return PaidFor(row.class_id, row.student_id) if row else None


async def is_known(connection: AsyncConnection, payment_id: str) -> bool:
    """Whether there was a payment of this id."""
    return bool(await connection.scalar(select(exists().where(payment.c.id == payment_id))))


async def standing_payments(connection: AsyncConnection, paid_for: PaidFor) -> tuple[Money, ...]:
    """What a student has paid for a class, or is about to."""
    rows = await connection.execute(
        select(payment.c.amount_minor, payment.c.currency).where(
            payment.c.class_id == paid_for.class_id,
            payment.c.student_id == paid_for.student_id,
            payment.c.status.in_(_STANDING),
        )
    )
    return tuple(Money(row.amount_minor, Currency(row.currency)) for row in rows)


async def amount_due(connection: AsyncConnection, paid_for: PaidFor) -> Money | None:
    """What a student is to pay for a class; None when they do not belong to it, or it is free for them."""
    rows = await connection.execute(
        select(enrollment.c.payment_amount_minor, enrollment.c.payment_currency).where(
            enrollment.c.class_id == paid_for.class_id,
            enrollment.c.student_id == paid_for.student_id,
            enrollment.c.status != EnrollmentStatus.CANCELLED,
            enrollment.c.payment_amount_minor > 0,
        )
    )
    row = rows.one_or_none()
    return Money(row.payment_amount_minor, Currency(row.payment_currency)) if row else None


async def is_class(connection: AsyncConnection, class_id: str) -> bool:
    return bool(await connection.scalar(select(exists().where(school_class.c.id == class_id))))
