"""What the provider has told: each event is taken once."""

from sqlalchemy.dialects.postgresql import insert

from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.payments.provider.stripe.events import StripeEvent
from subgraphs.payments.tables import provider_event


async def is_first_told(work: UnitOfWork, event: StripeEvent) -> bool:
    """Note that an event was told; whether it was not before. Who tells the same at once waits."""
    row = {"id": event.id, "type": event.type, "received_at": work.now}
    noted = await work.connection.execute(insert(provider_event).values(row).on_conflict_do_nothing())
    return bool(noted.rowcount == 1)
