"""What is known of payments for courses."""

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.contracts.payments import PaymentCompleted
from subgraphs.learning.domain.course import Course
from subgraphs.learning.domain.identifiers import PaymentId, StudentId
from subgraphs.learning.tables import payment


async def note_payment(connection: AsyncConnection, event: PaymentCompleted) -> None:
    """Remember a payment for a course; once, however often it is told."""
    row = {
        "id": event.payment_id,
        "course_id": event.course_id,
        "student_id": event.student_id,
        "amount_minor": event.amount_minor,
        "currency": event.currency,
        "is_refunded": False,
    }
    await connection.execute(insert(payment).values(row).on_conflict_do_nothing())


async def note_refund(connection: AsyncConnection, payment_id: PaymentId) -> None:
    await connection.execute(update(payment).where(payment.c.id == str(payment_id)).values(is_refunded=True))


async def is_paid(
    connection: AsyncConnection, payment_id: PaymentId, course: Course, student_id: StudentId
) -> bool:
    """Whether this student has made this payment for this course, all of its price, and has not got it
    back."""
    row = (await connection.execute(payment.select().where(payment.c.id == str(payment_id)))).one_or_none()
    return (
        row is not None
        and (row.course_id, row.student_id) == (str(course.id), str(student_id))
        and row.currency == course.price.currency.code
        and row.amount_minor >= course.price.amount_minor
        and not row.is_refunded
    )
