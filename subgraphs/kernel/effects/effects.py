"""From the message that asks for an effect to the continuation that has its outcome.

The message is committed; a row says that the provider will be called; it is called, in no transaction; what
came of it is recorded, together with all that follows from it. Whoever dies in between goes on where it was:
what may have been done is looked for before it is asked for again, under the same key.
"""

import asyncio
from random import Random
from typing import TypeVar

from subgraphs.kernel.breakers import Breakers, CircuitOpenError
from subgraphs.kernel.effects import storage
from subgraphs.kernel.effects.calling import CallPolicy, outcome_of
from subgraphs.kernel.effects.effect import Effect
from subgraphs.kernel.effects.outcome import Outcome, ProviderError, RequestRejectedError, Succeeded
from subgraphs.kernel.effects.provider import Provider
from subgraphs.kernel.effects.storage import EffectRecord, KeyReusedError, fingerprint
from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.retry import PoisonError, PostponedError
from subgraphs.kernel.messaging.subscriptions import Conclusion, Errand
from subgraphs.kernel.store.unit_of_work import Transactions, UnitOfWork
from subgraphs.kernel.telemetry.instruments import EFFECTS

M = TypeVar("M", bound=IntegrationEvent)
R = TypeVar("R")


class Effects:
    """The effects of a database."""

    def __init__(
        self,
        transactions: Transactions,
        breakers: Breakers,
        *,
        policy: CallPolicy | None = None,
        random: Random | None = None,
    ) -> None:
        self._transactions = transactions
        self._breakers = breakers
        self._policy = policy or CallPolicy()
        self._random = random or Random()  # noqa: S311 -- jitter, not a secret

    def errand(self, effect: Effect[M, R], provider: Provider[M, R]) -> Errand[M]:
        """What makes an effect happen: to be added to the subscriptions."""

        async def act(envelope: Envelope[M]) -> Conclusion:
            outcome = await self._outcome_in_time(effect, provider, envelope.body)

            async def conclude(work: UnitOfWork) -> None:
                recorded = await self._record(work, effect, envelope.body, outcome)
                fault_point("effect.recorded")
                await effect.then(envelope, recorded, work)

            return conclude

        return Errand(effect.kind, effect.message, act, key=effect.by, patience=None)

    async def find(self, key: str) -> EffectRecord | None:
        """The effect of this key, if it was asked for."""
        async with self._transactions.database.read() as connection:
            return await storage.find(connection, key)

    async def _outcome_in_time(
        self, effect: Effect[M, R], provider: Provider[M, R], message: M
    ) -> Outcome[R]:
        """The provider has its own time to answer: what takes longer is a machine or a database that stood
        still, for which no message is to blame."""
        try:
            async with asyncio.timeout(self._policy.longest.total_seconds()):
                return await self._outcome(effect, provider, message)
        except TimeoutError as error:
            EFFECTS.labels(effect.kind, "postponed").inc()
            raise PostponedError(f"nothing came of it in {self._policy.longest}") from error

    async def _outcome(self, effect: Effect[M, R], provider: Provider[M, R], message: M) -> Outcome[R]:
        """What has come of it, or comes of it now; PostponedError or PoisonError."""
        key = effect.key_of(message)
        record = await self.find(key)
        try:
            if record is not None:
                record.check(message)
                if known := record.outcome(effect.result):
                    return known
            self._breakers.check(provider.name)
            record = await self._note_call(effect, message)
            fault_point("effect.called")
            outcome: Outcome[R] = record.outcome(effect.result) or await outcome_of(
                provider,
                key,
                message,
                may_be_done=record.calls > 1,
                breakers=self._breakers,
                policy=self._policy,
            )
        except CircuitOpenError as error:
            EFFECTS.labels(effect.kind, "postponed").inc()
            delay = error.delay * self._random.uniform(1, 2)  # not all of them at once
            raise PostponedError(str(error), delay=delay) from error
        except ProviderError as error:
            assert record is not None, "whoever was called is on record"
            raise await self._put_off(record, error) from error
        except (RequestRejectedError, KeyReusedError) as error:
            EFFECTS.labels(effect.kind, "given_up").inc()
            raise PoisonError(f"{type(error).__name__}: {error}") from error
        fault_point("effect.answered")
        return outcome

    async def _note_call(self, effect: Effect[M, R], message: M) -> EffectRecord:
        key, now = effect.key_of(message), self._transactions.clock.now()
        async with self._transactions.database.transaction() as connection:
            await storage.open_effect(
                connection, key, kind=effect.kind, request=fingerprint(message), now=now
            )
            return await storage.note_call(connection, key)

    async def _put_off(self, record: EffectRecord, error: ProviderError) -> Exception:
        """Until later, or for good when the provider has been in trouble for too long."""
        now, reason = self._transactions.clock.now(), f"{type(error).__name__}: {error}"
        if now - record.waiting_since < self._policy.patience:
            EFFECTS.labels(record.kind, "postponed").inc()
            return PostponedError(reason, delay=self._policy.backoff.delay(record.calls, self._random))
        async with self._transactions.database.transaction() as connection:
            await storage.wait_anew(connection, record.key, now=now)
        EFFECTS.labels(record.kind, "given_up").inc()
        return PoisonError(reason)

    async def _record(
        self, work: UnitOfWork, effect: Effect[M, R], message: M, outcome: Outcome[R]
    ) -> Outcome[R]:
        """What came of an effect, as it is on record now: the first answer stands."""
        key = effect.key_of(message)
        if await storage.settle(work.connection, key, outcome, now=work.now):
            EFFECTS.labels(effect.kind, "succeeded" if isinstance(outcome, Succeeded) else "refused").inc()
            return outcome
        record = await storage.find(work.connection, key)
        first: Outcome[R] | None = record.outcome(effect.result) if record else None
        return first or outcome
