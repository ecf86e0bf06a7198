"""The orchard and the cellar, each with a database of its own, and what goes from one to the other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from subgraphs.kernel.domain import Clock
from subgraphs.kernel.messaging.intake import Intake
from subgraphs.kernel.messaging.relay import Relay, RelayOptions
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.transport import Transport
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.store.unit_of_work import Transactions
from tests.subgraphs.kernel.orchard import STORE, ApplePicked, Orchard, orchard

SMALL = RelayOptions(batch=2, window=3)


@dataclass(frozen=True)
class Farm:
    """`orchard` publishes, `cellar` stores. Nothing moves by itself."""

    orchard: Orchard
    cellar: Orchard
    relay: Relay
    intake: Intake

    async def settle(self, options: WorkerOptions | None = None) -> None:
        """Carry over and store all that there is."""
        quiet = 0
        while quiet < 3:  # one round to hear of an epoch, one to ask for what is missing, one to get it
            moved = [await self.relay.step(), await self.intake.step(), await self.work(options)]
            quiet = 0 if any(moved) else quiet + 1

    async def work(self, options: WorkerOptions | None = None) -> int:
        return await Worker(self.cellar.transactions, options=options).step()


@asynccontextmanager
async def farm(
    source: str,
    target: str,
    clock: Clock,
    transport: Transport,
    subscription: Subscription[ApplePicked] = STORE,
    *,
    threads: bool = True,
) -> AsyncIterator[Farm]:
    """Both, on these databases; they may be the same one."""
    async with (
        orchard(source, clock, hosted=["orchard"], threads=threads) as garden,
        orchard(target, clock, subscription, hosted=["cellar"], threads=threads) as cellar,
    ):
        yield Farm(
            garden,
            cellar,
            relay_of(garden.transactions, transport),
            intake_of(cellar.transactions, transport),
        )


def relay_of(transactions: Transactions, transport: Transport, options: RelayOptions = SMALL) -> Relay:
    return Relay(transactions, transport, ["orchard"], options=options)


def intake_of(transactions: Transactions, transport: Transport) -> Intake:
    return Intake(transactions, transport, contexts=["cellar"], sources=["orchard"], patience=0)


async def pick(garden: Orchard, *names: str) -> None:
    """One after the other, from two trees."""
    for name in names:
        await garden.pick(name, tree=f"tree {len(name) % 2}")
