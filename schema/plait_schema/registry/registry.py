"""The registry: publish, delete, roll back, and tell what is served.

Changes of one variant take turns, within this process by a lock and beyond it by the number of the version
that they build on: who finds it taken composes anew on what came first, so that no publish is lost.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from weakref import WeakValueDictionary

from plait_schema.checks.changes import Change, diff, graph_of_supergraph
from plait_schema.delivery import Artifact, digest_of
from plait_schema.delivery.signature import PublicKey, SigningKey
from plait_schema.registry.changes import Subgraphs, published, without
from plait_schema.registry.composing import Composed, Composer
from plait_schema.registry.errors import INVALID_REQUEST, NOT_COMPOSED, NOT_FOUND, NOTHING_SERVED
from plait_schema.registry.model import (
    Cause,
    Origin,
    Outcome,
    Part,
    State,
    Variant,
    VariantId,
    Version,
)
from plait_schema.registry.news import News
from plait_schema.registry.store import VersionStore
from plait_schema.subgraph import SubgraphSource

_LOOK_AGAIN: Final = 1.0  # seconds: for what other processes publish to a database that is shared

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
        key: SigningKey,
        *,
        clock: Clock = system_clock,
        is_shared: bool = False,
    ) -> None:
        self.store = store
        self._key = key
        self._clock = clock
        self._is_shared = is_shared
        self._composer = Composer()
        self._news = News()
        self._is_ending = False
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
        await self.existing(variant_id)

        def change(held: Subgraphs) -> Subgraphs:
            return without(held, names)

        return await self._change(variant_id, Cause.DELETE, change, by=by, origin=origin, dry_run=dry_run)

    async def rollback(
        self, variant_id: VariantId, to: int, *, by: str, origin: Origin | None = None
    ) -> Outcome:
        """Serve what an earlier version served, as a new version. Raises NOT_COMPOSED."""
        async with self._turn(variant_id):
            while True:
                variant = await self.existing(variant_id)
                earlier = await self.store.version(variant_id, to)
                if earlier.state is not State.COMPOSED:
                    raise NOT_COMPOSED.because(f"version {to} of {variant_id} did not compose.")
                version = Version(
                    variant_id=variant_id,
                    number=variant.latest + 1,
                    state=State.COMPOSED,
                    cause=Cause.ROLLBACK,
                    parts=earlier.parts,
                    supergraph=earlier.supergraph,
                    api_schema=earlier.api_schema,
                    findings=earlier.findings,
                    origin=origin or Origin(message=f"back to version {to}"),
                    by=by,
                    at=self._clock(),
                )
                if await self.store.append(version, ()):
                    break
        self._news.tell(variant_id)
        return Outcome(version, version.number, changed=True)

    async def served(self, variant_id: VariantId) -> Artifact:
        """What the variant serves, signed. Raises NOT_FOUND; NOTHING_SERVED before anything composed."""
        variant = await self.existing(variant_id)
        if variant.serving is None:
            raise NOTHING_SERVED.because(f"nothing that was published to {variant_id} composes yet.")
        version = await self.store.version(variant_id, variant.serving)
        assert version.supergraph is not None
        sdl = await self.store.text(version.supergraph)
        return self._key.sign(Artifact(str(variant_id), version.number, version.supergraph, sdl))

    async def served_beyond(self, variant_id: VariantId, etag: str | None, *, wait: float) -> Artifact | None:
        """What the variant serves as soon as that is another than `etag` names; None after `wait` seconds."""
        deadline = asyncio.get_running_loop().time() + wait
        while True:
            news = self._news.subscribe(variant_id)  # before looking: nothing slips through in between
            try:
                artifact = await self.served(variant_id)
                if artifact.etag != etag:
                    return artifact
                left = deadline - asyncio.get_running_loop().time()
                if left <= 0 or self._is_ending:
                    return None
                await asyncio.wait({news}, timeout=min(left, _LOOK_AGAIN) if self._is_shared else left)
            finally:
                news.cancel()

    def end_waiting(self) -> None:
        """Send home everybody who waits, and let nobody wait again: the process is about to end."""
        self._is_ending = True
        self._news.tell_all()

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

    @property
    def public_key(self) -> PublicKey:
        return self._key.public

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
                variant, head, texts = await self.store.head(variant_id)
                held = _sources(head, texts)
                after = change(held)
                serving = variant.serving if variant else None
                if head is not None and after == held:
                    return Outcome(head, serving, changed=False, dry_run=dry_run)
                composed = await self._composer.compose(variant_id, after)
                version = Version(
                    variant_id=variant_id,
                    number=(variant.latest if variant else 0) + 1,
                    state=_state(composed, serving),
                    cause=cause,
                    parts=tuple(Part(one.name, one.url, digest_of(one.sdl)) for one in after),
                    supergraph=_digest(composed.composition.supergraph_sdl),
                    api_schema=_digest(composed.api_schema),
                    findings=tuple(one.as_json() for one in composed.composition.diagnostics),
                    origin=origin or Origin(),
                    by=by,
                    at=self._clock(),
                )
                if dry_run:
                    return Outcome(version, serving, changed=True, dry_run=True)
                if await self.store.append(version, _texts(after, composed)):
                    break
        if version.state is State.COMPOSED:
            self._news.tell(variant_id)
            serving = version.number
        return Outcome(version, serving, changed=version.state is not State.REFUSED)

    async def existing(self, variant_id: VariantId) -> Variant:
        """Raises NOT_FOUND."""
        variant = await self.store.variant(variant_id)
        if variant is None:
            raise NOT_FOUND.because(f"there is no {variant_id}.")
        return variant

    def _turn(self, variant_id: VariantId) -> asyncio.Lock:
        return self._turns.setdefault(variant_id, asyncio.Lock())


def _changes(before: str, after: str) -> tuple[Change, ...]:
    return diff(graph_of_supergraph(before), graph_of_supergraph(after))


def _sources(head: Version | None, texts: Mapping[str, str]) -> Subgraphs:
    if head is None:
        return ()
    return tuple(SubgraphSource(part.name, part.routing_url, texts[part.digest]) for part in head.parts)


def _state(composed: Composed, serving: int | None) -> State:
    if composed.composition.supergraph_sdl is not None:
        return State.COMPOSED
    return State.WAITING if serving is None else State.REFUSED


def _digest(text: str | None) -> str | None:
    return None if text is None else digest_of(text)


def _texts(subgraphs: Subgraphs, composed: Composed) -> list[str]:
    texts = [subgraph.sdl for subgraph in subgraphs]
    return texts + [text for text in (composed.composition.supergraph_sdl, composed.api_schema) if text]
