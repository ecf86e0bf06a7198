"""Who has bought what: what each payment is for, and whether it stands, for those who want to pay."""

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from subgraphs.kernel.store.locks import lock
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.payments.domain.identifiers import PaymentId, StudentId
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.values import PaymentStatus, Purpose
from subgraphs.payments.tables import purchase


async def standing_payments(
    work: UnitOfWork, student_id: StudentId, purpose: Purpose
) -> frozenset[PaymentStatus]:
    """How far a student's payments for this have come, as far as they stand. Nobody else looks until this
    transaction has ended."""
    await lock(work.connection, [f"payments.purchase-{student_id}-{purpose.bought}"])
    found = await work.connection.scalars(
        select(purchase.c.standing).where(
            purchase.c.student_id == str(student_id),
            purchase.c.bought == purpose.bought,
            purchase.c.standing.is_not(None),
            purchase.c.is_spent.is_(False),
        )
    )
    return frozenset(map(PaymentStatus, found))


async def note_purchase(work: UnitOfWork, payment: Payment) -> None:
    """Keep what a payment is for, and how it stands."""
    if (bought := payment.purpose.bought) is None:
        return
    row = {"payment_id": str(payment.id), "student_id": str(payment.student_id), "bought": bought}
    now = {"standing": payment.status if payment.stands else None}
    statement = insert(purchase).values(**row, **now, is_spent=False)
    await work.connection.execute(
        statement.on_conflict_do_update(index_elements=[purchase.c.payment_id], set_=now)
    )


async def note_spent(work: UnitOfWork, payment_id: PaymentId) -> None:
    """What was bought with a payment is used up: it may be bought again."""
    await work.connection.execute(
        update(purchase).where(purchase.c.payment_id == str(payment_id)).values(is_spent=True)
    )
