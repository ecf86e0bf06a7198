"""The supergraph of a registry: asked for at the start, followed by long polls, kept for hard times."""

import json
import logging
import os
from asyncio import sleep
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

from plait_gateway.background import in_background
from plait_gateway.supergraph.asking import RegistryAddress, RegistryUnreachable
from plait_gateway.supergraph.holder import SupergraphHolder, as_diagnostic
from plait_gateway.supergraph.notices import Notices
from plait_gateway.supergraph.served_graph import load_graph
from plait_gateway.supergraph.source import Prepare, SupergraphUnavailable, one_line, swap_in
from plait_schema.delivery import Artifact, ArtifactError, read_artifact
from plait_schema.supergraph import SupergraphError

_WAIT: Final = 30.0  # seconds of a long poll
_FIRST_PAUSE: Final = 0.5  # seconds after a poll that failed; doubles with each that follows
_LONGEST_PAUSE: Final = 30.0

_log = logging.getLogger(__name__)


class SupergraphFromRegistry:
    """Serves what the registry serves, and goes on with the last good version while it cannot be had.

    `kept` is the file that holds that version, so that a gateway starts while the registry is down.
    """

    def __init__(
        self,
        address: RegistryAddress,
        kept: Path,
        holder: SupergraphHolder,
        notices: Notices,
        *,
        random: Random | None = None,
    ) -> None:
        self._address = address
        self._kept = kept
        self._holder = holder
        self._notices = notices
        self._random = random or Random()  # noqa: S311 # jitter, not a secret
        self._etag: str | None = None

    def load(self) -> None:
        """From the registry, else from what was kept; raises SupergraphUnavailable."""
        try:
            artifact = self._address.ask(None, wait=0)
            assert artifact is not None  # nothing was named that it could be the same as
            self._load(artifact)
            self._keep(artifact)
        except (RegistryUnreachable, SupergraphError) as error:
            self._load_kept(error)

    async def watch(self, swapped: Callable[[], None], prepare: Prepare) -> None:
        """Follow the registry by long polls until cancelled; one that cannot be asked is asked again."""
        pause = _FIRST_PAUSE
        while True:
            try:
                artifact = await in_background(partial(self._address.ask, self._etag, wait=_WAIT))
            except RegistryUnreachable as error:
                _log.warning("the registry %s: %s; the old supergraph stays", self._address.url, error)
                await sleep(pause * self._random.uniform(0.5, 1))
                pause = min(pause * 2, _LONGEST_PAUSE)
                continue
            pause = _FIRST_PAUSE
            if artifact is None:
                continue
            self._etag = artifact.etag  # also of what is refused: it is not asked for again
            if await swap_in(
                artifact.supergraph_sdl,
                self._holder,
                self._notices,
                prepare,
                origin=self._address.url,
                release=_release(artifact),
            ):
                self._keep(artifact)
                swapped()

    def _load(self, artifact: Artifact) -> None:
        self._holder.current = load_graph(artifact.supergraph_sdl, release=_release(artifact))
        self._etag = artifact.etag

    def _load_kept(self, why: RegistryUnreachable | SupergraphError) -> None:
        url = self._address.url
        reason = one_line(as_diagnostic(why)) if isinstance(why, SupergraphError) else str(why)
        try:
            self._load(self._address.checked(read_artifact(self._kept.read_bytes())))
        except FileNotFoundError:
            raise SupergraphUnavailable(f"the registry {url}: {reason}, and nothing is kept") from None
        except OSError as error:
            kept = f"{self._kept} cannot be read: {error.strerror}"
            raise SupergraphUnavailable(f"the registry {url}: {reason}, and {kept}") from None
        except (ArtifactError, SupergraphError) as error:
            kept = f"{self._kept} is refused: {error}"
            raise SupergraphUnavailable(f"the registry {url}: {reason}, and {kept}") from None
        _log.warning("the registry %s: %s; starting with what was kept in %s", url, reason, self._kept)

    def _keep(self, artifact: Artifact) -> None:
        """Whole or not at all; a disk that refuses it stops nobody."""
        unfinished = self._kept.with_name(f".{self._kept.name}.{os.getpid()}")
        try:
            self._kept.parent.mkdir(parents=True, exist_ok=True)
            with unfinished.open("w", encoding="utf-8") as file:
                json.dump(artifact.as_json(), file)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._kept)
        except OSError as error:
            _log.warning("the supergraph cannot be kept in %s: %s", self._kept, error.strerror)


def _release(artifact: Artifact) -> str:
    return f"{artifact.graph} version {artifact.version}"
