"""What the contexts of one process share."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from subgraphs.kernel.breakers import Breakers
from subgraphs.kernel.cache.in_process import InProcessStore
from subgraphs.kernel.cache.shared import RedisStore
from subgraphs.kernel.cache.store import CacheStore, NoStore
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.domain import Clock, IdGenerator, RandomIds
from subgraphs.kernel.effects.effects import Effects
from subgraphs.kernel.graphql.tokens import PublishedKeys, TokenVerifier
from subgraphs.kernel.limits.in_process import InProcessCounter
from subgraphs.kernel.limits.limits import Limits
from subgraphs.kernel.limits.rules import ADDRESSES, ENDPOINTS, QUERIES, REQUESTS, SIGN_INS
from subgraphs.kernel.limits.shared import RedisCounter
from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.messaging.registry import Registry
from subgraphs.kernel.messaging.subscriptions import Subscriptions
from subgraphs.kernel.messaging.transport import Transport
from subgraphs.kernel.projections.freshness import Freshness
from subgraphs.kernel.redis import RedisConnection
from subgraphs.kernel.sagas.runner import subscriptions as subscriptions_of
from subgraphs.kernel.settings import Settings, SettingsError
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.unit_of_work import Transactions
from subgraphs.kernel.withdrawals import Withdrawals


@dataclass(frozen=True, slots=True)
class Platform:
    """Made once per process, given to the `build` of every context. `close()` it in the end.

    It is there for the contexts that are `hosted`. With those `elsewhere` it is connected by `transport`.
    """

    settings: Settings
    clock: Clock
    ids: IdGenerator
    database: Database
    subscriptions: Subscriptions
    transactions: Transactions
    freshness: Freshness
    tokens: TokenVerifier
    breakers: Breakers
    redis: RedisConnection | None
    effects: Effects
    cache: CacheStore
    limits: Limits
    withdrawals: Withdrawals
    hosted: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    transport: Transport | None = None

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        clock: Clock | None = None,
        ids: IdGenerator | None = None,
        threads: bool = True,
        contracts: Registry[IntegrationEvent] | None = None,
        contexts: Collection[str] = (),
        transport: Transport | None = None,
    ) -> "Platform":
        """Connects to nothing yet. Must be closed from the event loop that used it.

        `contracts` are the integration events, with what leads from their old versions to the new. Without
        `threads`, the database holds up the event loop, and costs a fraction. `contexts` are all there are,
        here and elsewhere; where the settings leave out some, messages take the `transport`, or Redis.
        SettingsError when there is no way to a context, or no such context.
        """
        hosted, elsewhere = _places(settings, contexts)
        database = Database(settings.database, threads=threads)
        clock, ids = clock or database.clock, ids or RandomIds()
        subscriptions = Subscriptions(contracts, hosted=hosted if elsewhere else None)
        transactions = Transactions(database, clock=clock, ids=ids, subscriptions=subscriptions)
        breakers = Breakers()
        redis = RedisConnection(settings.redis_url, breakers) if settings.redis_url else None
        withdrawals = Withdrawals(database, clock, timedelta(minutes=settings.access_token_minutes))
        return cls(
            settings=settings,
            clock=clock,
            ids=ids,
            database=database,
            subscriptions=subscriptions,
            transactions=transactions,
            freshness=Freshness(database, transactions.projected, patience=settings.patience),
            tokens=TokenVerifier(
                PublishedKeys(settings.jwks_file),
                issuer=settings.issuer,
                audience=settings.audience,
                clock=clock,
                is_withdrawn=withdrawals.cover,
            ),
            breakers=breakers,
            redis=redis,
            effects=Effects(transactions, breakers),
            cache=_cache(redis, database, clock),
            limits=_limits(redis, clock, settings),
            withdrawals=withdrawals,
            hosted=hosted,
            elsewhere=elsewhere,
            transport=(transport or _redis_streams(settings)) if elsewhere else None,
        )

    def add(self, *contexts: BoundedContext) -> None:
        """Have what is published reach these contexts. Raises as `Subscriptions.add`.

        The first of them hears on behalf of this process which access tokens are withdrawn.
        """
        self.subscriptions.add(*(self.withdrawals.errand(context.name) for context in contexts[:1]))
        for context in contexts:
            self.subscriptions.add(*context.subscriptions)
            for saga in context.sagas:
                self.subscriptions.add(*subscriptions_of(saga))

    async def close(self) -> None:
        if self.transport is not None:
            await self.transport.close()
        await self.cache.close()
        if self.redis is not None:
            await self.redis.close()
        await self.database.close()


def _cache(redis: RedisConnection | None, database: Database, clock: Clock) -> CacheStore:
    """In Redis; without one in this process, if it is the only one that changes the database."""
    if redis is not None:
        return RedisStore(redis)
    return InProcessStore(clock=clock) if database.is_embedded else NoStore()


def _limits(redis: RedisConnection | None, clock: Clock, settings: Settings) -> Limits:
    """Counted in Redis; without one, or while it is down, in this process."""
    here = InProcessCounter(clock=clock)
    amounts = {
        REQUESTS.name: settings.requests_per_minute,
        QUERIES.name: settings.queries_per_minute,
        ENDPOINTS.name: settings.endpoint_requests_per_hour,
        ADDRESSES.name: settings.anonymous_requests_per_minute,
        SIGN_INS.name: settings.sign_ins_per_hour,
    }
    counter = RedisCounter(redis) if redis else here
    return Limits(counter, here, amounts, trusted_proxies=settings.trusted_proxies)


def _places(settings: Settings, contexts: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The contexts that are here, and those that are elsewhere."""
    if settings.contexts is None or not contexts:
        return tuple(contexts), ()
    hosted = settings.contexts
    if unknown := sorted(set(hosted) - set(contexts)):
        raise SettingsError(f"there is no context {unknown[0]!r}, only {', '.join(sorted(contexts))}")
    return hosted, tuple(name for name in contexts if name not in hosted)


def _redis_streams(settings: Settings) -> Transport:
    if settings.redis_url is None:
        raise SettingsError("some contexts are elsewhere: PLAIT_REDIS_URL says how messages get there")
    from subgraphs.kernel.adapters.redis_streams import RedisStreamsTransport  # its client takes a while

    return RedisStreamsTransport(settings.redis_url)
