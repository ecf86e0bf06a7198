"""The registry: publish, delete, roll back, and let variants be contracts of others.

Changes of one variant take turns, within this process by a lock and beyond it by the number of the version
that they build on: who finds it taken composes anew on what came first, so that no publish is lost.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from weakref import WeakValueDictionary

from plait_schema.checks.changes import Change, diff, graph_of_supergraph
from plait_schema.delivery import digest_of
from plait_schema.registry.changes import Subgraphs, published, without
from plait_schema.registry.composing import Composed, Composer
from plait_schema.registry.delivering import Delivery
from plait_schema.registry.errors import (
    INVALID_REQUEST,
    NOT_COMPOSED,
    NOT_FOUND,
    NOTHING_SERVED,
)
from plait_schema.registry.followers import Followers
from plait_schema.registry.following import digest_or_none, following, state_of
from plait_schema.registry.model import (
    Cause,
    ContractVariant,
    Origin,
    Outcome,
    Part,
    State,
    VariantId,
    Version,
)
from plait_schema.registry.store import ContractStore, VersionStore
from plait_schema.subgraph import SubgraphSource

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    return datetime.now(UTC)


class Registry:
    """All that can be done with variants. Belongs to one event loop.

    Methods raise RegistryError for what cannot be done; then nothing has changed.
    """

    def __init__(
        self,
        store: VersionStore,
        contracts: ContractStore,
        delivery: Delivery,
        *,
        clock: Clock = system_clock,
    ) -> None:
        self.store = store
        self.contracts = contracts
        self.delivery = delivery
        self._clock = clock
        self._composer = Composer()
        self._followers = Followers(store, contracts)
        self._turns: WeakValueDictionary[VariantId, asyncio.Lock] = WeakValueDictionary()

    async def publish(
        self,
        variant_id: VariantId,
        subgraphs: Sequence[SubgraphSource],
        *,
        by: str,
        origin: Origin | None = None,
        dry_run: bool = False,
    ) -> Outcome:
        """Put subgraphs in, all or none, and serve the result if it composes.

        If it does not, what is served stays. While nothing is served yet, they are kept all the same:
        the first ones of a graph may need those that come after them.
        """
        if not subgraphs:
            raise INVALID_REQUEST.because("there is no subgraph to publish.")
        if len({subgraph.name for subgraph in subgraphs}) < len(subgraphs):
            raise INVALID_REQUEST.because("two of the subgraphs have the same name.")

        def change(held: Subgraphs) -> Subgraphs:
            return published(held, subgraphs)

        return await self._change(variant_id, Cause.PUBLISH, change, by=by, origin=origin, dry_run=dry_run)

    async def delete(
        self,
        variant_id: VariantId,
        names: Sequence[str],
        *,
        by: str,
        origin: Origin | None = None,
        dry_run: bool = False,
    ) -> Outcome:
        """Take subgraphs out, if the others compose without them."""
        await self.store.existing(variant_id)

        def change(held: Subgraphs) -> Subgraphs:
            return without(held, names)

        return await self._change(variant_id, Cause.DELETE, change, by=by, origin=origin, dry_run=dry_run)

    async def rollback(
        self, variant_id: VariantId, to: int, *, by: str, origin: Origin | None = None
    ) -> Outcome:
        """Serve what an earlier version served, as a new version. Raises NOT_COMPOSED."""
        async with self._turn(variant_id):
            while True:
                variant = await self.store.existing(variant_id)
                await self._followers.refuse_contract(variant_id)
                earlier = await self.store.version(variant_id, to)
                if earlier.state is not State.COMPOSED:
                    raise NOT_COMPOSED.because(f"version {to} of {variant_id} did not compose.")
                version = replace(
                    earlier,
                    number=variant.latest + 1,
                    cause=Cause.ROLLBACK,
                    origin=origin or Origin(message=f"back to version {to}"),
                    by=by,
                    at=self._clock(),
                )
                contracts = await self.contracts.with_source(variant_id)
                composed = await self._composed_contracts(variant_id, version, contracts)
                followers = await self._followers.following(version, contracts, composed)
                texts = _texts_of(composed)
                if await self.store.append(version, texts, contracts=contracts, following=followers):
                    break
        self.delivery.tell(version, *followers)
        return Outcome(version, version.number, changed=True, contracts=followers)

    async def make_contract(
        self,
        contract: ContractVariant,
        *,
        by: str,
        origin: Origin | None = None,
        dry_run: bool = False,
    ) -> Outcome:
        """Let a variant, which is new or a contract already, show what the contract shows of its source.

        It follows its source from now on. Raises NOT_FOUND and NOTHING_SERVED for the source, and
        CONTRACT_CONFLICT for variants with subgraphs of their own, and contracts of contracts.
        """
        async with self._turn(contract.source):
            while True:
                source = await self.store.existing(contract.source)
                await self._followers.refuse_contract(contract.source)
                variant = await self._followers.to_become(contract)
                if source.serving is None:
                    raise NOTHING_SERVED.because(f"{contract.source} serves nothing yet.")
                served = await self.store.version(contract.source, source.serving)
                composed = await self._composed_contracts(contract.source, served, [contract])
                change = replace(served, by=by, at=self._clock(), origin=origin or Origin())
                (version,) = following(change, [(contract, variant, composed[0])])
                serving = variant.serving if variant else None
                if dry_run:
                    return Outcome(version, serving, changed=True, dry_run=True)
                if await self.store.append_contract(contract, version, _texts_of(composed), source=source):
                    break
        self.delivery.tell(version)
        if version.state is State.COMPOSED:
            serving = version.number
        return Outcome(version, serving, changed=version.state is not State.REFUSED)

    async def end_contract(self, variant_id: VariantId, *, by: str) -> None:
        """Let a contract be a variant like others, with the subgraphs that it shows. Raises NOT_FOUND."""
        await self.contracts.end(variant_id, by=by, now=self._clock())

    async def subgraphs(self, version: Version) -> Subgraphs:
        """The subgraphs of a version, with their SDL."""
        return tuple(
            [
                SubgraphSource(part.name, part.routing_url, await self.store.text(part.digest))
                for part in version.parts
            ]
        )

    async def changes(self, before: Version, after: Version) -> tuple[Change, ...]:
        """What is different for clients, and between subgraphs. Raises NOT_COMPOSED."""
        texts = []
        for version in (before, after):
            if version.supergraph is None:
                message = f"version {version.number} of {version.variant_id} did not compose."
                raise NOT_COMPOSED.because(message)
            texts.append(await self.store.text(version.supergraph))
        return await asyncio.to_thread(_changes, *texts)

    async def subgraph_sdl(self, variant_id: VariantId, number: int, name: str) -> str:
        """The SDL that a subgraph had in a version. Raises NOT_FOUND."""
        for part in (await self.store.version(variant_id, number)).parts:
            if part.name == name:
                return await self.store.text(part.digest)
        raise NOT_FOUND.because(f"version {number} of {variant_id} has no subgraph {name}.")

    async def prune(self, *, older_than: timedelta, keep: int) -> int:
        """Forget old versions: see VersionStore.prune."""
        return await self.store.prune(before=self._clock() - older_than, keep=keep)

    async def _change(
        self,
        variant_id: VariantId,
        cause: Cause,
        change: Callable[[Subgraphs], Subgraphs],
        *,
        by: str,
        origin: Origin | None,
        dry_run: bool,
    ) -> Outcome:
        async with self._turn(variant_id):
            while True:
                await self._followers.refuse_contract(variant_id)
                variant, head, texts = await self.store.head(variant_id)
                held = _sources(head, texts)
                after = change(held)
                serving = variant.serving if variant else None
                if head is not None and after == held:
                    return Outcome(head, serving, changed=False, dry_run=dry_run)
                contracts = await self.contracts.with_source(variant_id)
                composed = await self._composer.compose(
                    variant_id, after, [one.contract for one in contracts]
                )
                version = Version(
                    variant_id=variant_id,
                    number=(variant.latest if variant else 0) + 1,
                    state=state_of(composed, serving),
                    cause=cause,
                    parts=tuple(Part(one.name, one.url, digest_of(one.sdl)) for one in after),
                    supergraph=digest_or_none(composed.composition.supergraph_sdl),
                    api_schema=digest_or_none(composed.api_schema),
                    findings=tuple(one.as_json() for one in composed.composition.diagnostics),
                    origin=origin or Origin(),
                    by=by,
                    at=self._clock(),
                )
                followers = await self._followers.following(version, contracts, composed.contracts)
                if dry_run:
                    return Outcome(version, serving, changed=True, dry_run=True, contracts=followers)
                stored = [*(one.sdl for one in after), *_texts_of((composed, *composed.contracts))]
                if await self.store.append(version, stored, contracts=contracts, following=followers):
                    break
        self.delivery.tell(version, *followers)
        if version.state is State.COMPOSED:
            serving = version.number
        changed = version.state is not State.REFUSED
        return Outcome(version, serving, changed=changed, contracts=followers)

    async def _composed_contracts(
        self, source: VariantId, version: Version, contracts: Sequence[ContractVariant]
    ) -> tuple[Composed, ...]:
        """What the contracts make of a version that composed."""
        if not contracts:
            return ()
        sources = await self.subgraphs(version)
        return (await self._composer.compose(source, sources, [one.contract for one in contracts])).contracts

    def _turn(self, variant_id: VariantId) -> asyncio.Lock:
        return self._turns.setdefault(variant_id, asyncio.Lock())


def _changes(before: str, after: str) -> tuple[Change, ...]:
    return diff(graph_of_supergraph(before), graph_of_supergraph(after))


def _sources(head: Version | None, texts: Mapping[str, str]) -> Subgraphs:
    if head is None:
        return ()
    return tuple(SubgraphSource(part.name, part.routing_url, texts[part.digest]) for part in head.parts)


def _texts_of(composed: Iterable[Composed]) -> list[str]:
    return [text for one in composed for text in (one.composition.supergraph_sdl, one.api_schema) if text]
