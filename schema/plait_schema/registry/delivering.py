"""What gateways get: the supergraph that a variant serves, signed, as soon as it is another one."""

import asyncio
from typing import Final

from plait_schema.delivery import Artifact
from plait_schema.delivery.signature import PublicKey, SigningKey
from plait_schema.registry.errors import NOTHING_SERVED
from plait_schema.registry.model import State, VariantId, Version
from plait_schema.registry.news import News
from plait_schema.registry.store import VersionStore

_LOOK_AGAIN: Final = 1.0  # seconds: for what other processes publish to a database that is shared


class Delivery:
    """Of the variants of a store. Belongs to one event loop; methods raise RegistryError."""

    def __init__(self, store: VersionStore, key: SigningKey, *, is_shared: bool = False) -> None:
        self._store = store
        self._key = key
        self._is_shared = is_shared
        self._news = News()
        self._is_ending = False

    async def served(self, variant_id: VariantId) -> Artifact:
        """What the variant serves, signed. Raises NOT_FOUND; NOTHING_SERVED before anything composed."""
        variant = await self._store.existing(variant_id)
        if variant.serving is None:
            raise NOTHING_SERVED.because(f"nothing that was published to {variant_id} composes yet.")
        version = await self._store.version(variant_id, variant.serving)
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
                await asyncio.wait({news}, timeout=min(left, _LOOK_AGAIN) if self._is_shared else left)
            finally:
                news.cancel()

    def end_waiting(self) -> None:
        """Send home everybody who waits, and let nobody wait again: the process is about to end."""
        self._is_ending = True
        self._news.tell_all()

    def tell(self, *versions: Version) -> None:
        """Wake those who wait for one of these that composed."""
        for version in versions:
            if version.state is State.COMPOSED:
                self._news.tell(version.variant_id)

    @property
    def public_key(self) -> PublicKey:
        return self._key.public
