"""Delivers what is due, again and again with longer pauses, until it is heard or a day is over."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version
from random import Random
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from plait_schema.registry.store.webhook_store import Claimed, WebhookStore
from plait_schema.registry.webhooks.bodies import body_of
from plait_schema.registry.webhooks.sealing import Seal, SealError
from plait_schema.registry.webhooks.sending import NotSentError, send
from plait_schema.registry.webhooks.signing import signed_headers

_LOOK_EVERY: Final = 1.0  # seconds
_AT_ONCE: Final = 16
_LEASE: Final = timedelta(minutes=1)  # a registry that is killed meanwhile tries again after it
_PAUSES: Final = (5, 30, 120, 600, 1800, 7200, 21_600, 43_200)  # seconds after each attempt that failed
_GONE: Final = 410  # who answers so does not want to hear more (Standard Webhooks)

_log = logging.getLogger("plait.registry")


class Courier:
    """Of one process; several on one database share the work."""

    def __init__(
        self,
        store: WebhookStore,
        seal: Seal,
        *,
        clock: Callable[[], datetime],
        allow_private: bool,
        random: Random | None = None,
    ) -> None:
        self._store = store
        self._seal = seal
        self._clock = clock
        self._allow_private = allow_private
        self._random = random or Random()  # noqa: S311 # jitter, not a secret
        # threads of its own: who does not answer holds up no composition
        self._threads = ThreadPoolExecutor(_AT_ONCE, "plait-webhook")
        self._under_way: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Delivers until the block ends; what is under way then is tried again by the next process."""
        delivering = asyncio.create_task(self._run())
        try:
            yield
        finally:
            tasks = (delivering, *self._under_way)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._threads.shutdown(wait=False)

    async def deliver_due(self) -> int:
        """Begin an attempt at each delivery that is due, as far as there is room. Returns at how many."""
        room = _AT_ONCE - len(self._under_way)
        claimed = await self._store.claim(now=self._clock(), lease=_LEASE, limit=room) if room else ()
        for one in claimed:
            attempt = asyncio.create_task(self._attempt_or_tell(one))
            self._under_way.add(attempt)
            attempt.add_done_callback(self._under_way.discard)
        return len(claimed)

    async def settled(self) -> None:
        """Once nothing is under way any more."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def _run(self) -> None:
        while True:
            try:
                if await self.deliver_due():
                    continue
            except (SQLAlchemyError, OSError, ValueError) as error:  # ValueError: a newer plait wrote it
                _log.warning("webhooks wait: %s", getattr(error, "orig", None) or error)
            await asyncio.sleep(_LOOK_EVERY)

    async def _attempt_or_tell(self, claimed: Claimed) -> None:
        try:
            await self._attempt(claimed)
        except Exception:  # noqa: BLE001 - ours or the database's: the others are delivered, this one after its lease
            _log.exception("webhook %s waits for delivery %d", claimed.delivery.webhook, claimed.delivery.id)

    async def _attempt(self, claimed: Claimed) -> None:
        delivery, now = claimed.delivery, self._clock()
        status, reason = None, None
        try:
            kept = json.loads(self._seal.open(claimed.sealed, of=delivery.webhook))
            body = body_of(delivery, claimed.form)
            headers = {
                "content-type": "application/json",
                "user-agent": f"plait/{version('plait')}",
                **signed_headers(kept["secret"], f"{delivery.webhook}-{delivery.id}", now, body),
            }
            sending = partial(send, kept["url"], headers, body, allow_private=self._allow_private)
            status = await asyncio.get_running_loop().run_in_executor(self._threads, sending)
        except (NotSentError, SealError) as error:
            reason = str(error)
        is_heard = status is not None and 200 <= status < 300
        is_over = is_heard or status == _GONE or delivery.attempts > len(_PAUSES)
        if not is_heard:
            told = reason or f"status {status}"
            _log.warning("webhook %s did not hear of %s: %s", delivery.webhook, delivery.topic, told)
        due = None if is_over else now + self._pause(delivery.attempts)
        await self._store.note(
            delivery.id, is_heard=is_heard, due=due, status=status, reason=reason, now=self._clock()
        )

    def _pause(self, attempts: int) -> timedelta:
        """After so many attempts: not the same for all that failed at once."""
        return timedelta(seconds=_PAUSES[attempts - 1] * self._random.uniform(0.8, 1.2))
