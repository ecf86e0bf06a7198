"""What the provider calls our payments: by that, those are known that nobody has told our names."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.tables import reference


async def note_reference(work: UnitOfWork, payment: Payment) -> None:
    """Keep what the provider calls a payment, as soon as that is known."""
    if payment.reference is not None and not payment.method.is_manual:
        row = {"reference": payment.reference, "payment_id": str(payment.id)}
        await work.connection.execute(insert(reference).values(row).on_conflict_do_nothing())


async def payment_of_reference(connection: AsyncConnection, name: str) -> str | None:
    """The id of the payment that the provider calls so."""
    id_: str | None = await connection.scalar(
        select(reference.c.payment_id).where(reference.c.reference == name)
    )
    return id_
