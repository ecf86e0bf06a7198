"""What gateways get: the supergraph that a variant serves, signed, as soon as it is another one."""

import asyncio
from contextlib import nullcontext
from typing import Final

from plait_schema.delivery import Artifact
from plait_schema.delivery.signature import PublicKey, SigningKey
from plait_schema.registry.errors import NOTHING_SERVED
from plait_schema.registry.lookout import Lookout
from plait_schema.registry.model import State, VariantId, Version
from plait_schema.registry.news import News
from plait_schema.registry.store import VersionStore

_MOST_KEPT: Final = 16  # supergraphs, which may be large


class Delivery:
    """Of the variants of a store. Belongs to one event loop; methods raise RegistryError."""

    def __init__(self, store: VersionStore, key: SigningKey, *, is_shared: bool = False) -> None:
        self._store = store
        self._key = key
        self._news = News()
        self._lookout = Lookout(store, self._news) if is_shared else None
        self._signed: dict[VariantId, Artifact] = {}
        self._signing = asyncio.Lock()
        self._is_ending = False

    async def served(self, variant_id: VariantId) -> Artifact:
        """What the variant serves, signed. Raises NOT_FOUND; NOTHING_SERVED before anything composed."""
        variant = await self._store.existing(variant_id)
        if variant.serving is None:
            raise NOTHING_SERVED.because(f"nothing that was published to {variant_id} composes yet.")
        async with self._signing:  # of hundreds who are woken at once, one reads it
            signed = self._signed.get(variant_id)
            if signed is None or signed.version != variant.serving:
                signed = await self._sign(variant_id, variant.serving)
                if len(self._signed) >= _MOST_KEPT:
                    self._signed.pop(next(iter(self._signed)))
                self._signed[variant_id] = signed
        return signed

    async def _sign(self, variant_id: VariantId, number: int) -> Artifact:
        version = await self._store.version(variant_id, number)
        assert version.supergraph is not None
        sdl = await self._store.text(version.supergraph)
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
                with self._lookout.kept(variant_id, artifact.version) if self._lookout else nullcontext():
                    await asyncio.wait({news}, timeout=left)
            finally:
                news.cancel()

    def end_waiting(self) -> None:
        """Send home everybody who waits, and let nobody wait again: the process is about to end."""
        self._is_ending = True
        self._news.tell_all()
        if self._lookout is not None:
            self._lookout.end()

    def tell(self, *versions: Version) -> None:
        """Wake those who wait for one of these that composed."""
        for version in versions:
            if version.state is State.COMPOSED:
                self._news.tell(version.variant_id)

    @property
    def public_key(self) -> PublicKey:
        return self._key.public
