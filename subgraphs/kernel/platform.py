"""What the contexts of one process share."""

from dataclasses import dataclass

from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.domain import Clock, IdGenerator, RandomIds, SystemClock
from subgraphs.kernel.graphql.tokens import PublishedKeys, TokenVerifier
from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.messaging.registry import Registry
from subgraphs.kernel.messaging.subscriptions import Subscriptions
from subgraphs.kernel.projections.freshness import Freshness
from subgraphs.kernel.sagas.runner import subscriptions as subscriptions_of
from subgraphs.kernel.settings import Settings
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.unit_of_work import Transactions


@dataclass(frozen=True, slots=True)
class Platform:
    """Made once per process, given to the `build` of every context. `close()` it in the end."""

    settings: Settings
    clock: Clock
    ids: IdGenerator
    database: Database
    subscriptions: Subscriptions
    transactions: Transactions
    freshness: Freshness
    tokens: TokenVerifier

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        clock: Clock | None = None,
        ids: IdGenerator | None = None,
        threads: bool = True,
        contracts: Registry[IntegrationEvent] | None = None,
    ) -> "Platform":
        """Connects to nothing yet. Must be closed from the event loop that used it.

        `contracts` are the integration events, with what leads from their old versions to the new. Without
        `threads`, the database holds up the event loop, and costs a fraction.
        """
        clock, ids = clock or SystemClock(), ids or RandomIds()
        database, subscriptions = Database(settings.database, threads=threads), Subscriptions(contracts)
        transactions = Transactions(database, clock=clock, ids=ids, subscriptions=subscriptions)
        return cls(
            settings=settings,
            clock=clock,
            ids=ids,
            database=database,
            subscriptions=subscriptions,
            transactions=transactions,
            freshness=Freshness(database, transactions.projected, patience=settings.patience),
            tokens=TokenVerifier(
                PublishedKeys(settings.data_dir / "jwks.json"), issuer=settings.issuer, clock=clock
            ),
        )

    def add(self, *contexts: BoundedContext) -> None:
        """Have what is published reach these contexts. Raises as `Subscriptions.add`."""
        for context in contexts:
            self.subscriptions.add(*context.subscriptions)
            for saga in context.sagas:
                self.subscriptions.add(*subscriptions_of(saga))

    async def close(self) -> None:
        await self.database.close()
