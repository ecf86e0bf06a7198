"""Where the public keys come from: a JWKS document (RFC 7517), in a file or behind a URL.

Keys come and go while the gateway runs. A file is read again when it has changed; a URL is asked again after
a while, and when a token names a key that is not known yet.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from time import monotonic
from typing import Any, Final, Protocol
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from plait_gateway.authentication.identifies import KeysUnavailable
from plait_gateway.background import in_background

_LARGEST: Final = 1024 * 1024  # bytes
_PATIENCE: Final = 10.0  # seconds
_PAUSE: Final = 10.0  # seconds between two attempts, however many tokens name unknown keys

_log = logging.getLogger(__name__)


class KeySource(Protocol):
    """Gives the keys that tokens are verified with."""

    def at_hand(self) -> KeySet | None:
        """The keys, the same object as long as they have not changed; None when none have ever come."""

    async def current(self) -> KeySet:
        """The same, waited for. Raises KeysUnavailable."""

    async def renewed(self) -> KeySet:
        """As `current`, once a token has named a key that is not among them."""


def key_source(location: str, *, refresh_seconds: float) -> KeySource:
    """The keys at an http or https URL, or in a file."""
    if location.startswith(("http://", "https://")):
        return KeysBehindUrl(location, refresh_seconds=refresh_seconds)
    return KeysInFile(Path(location))


class KeysInFile:
    """A file that another process may replace at any time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at: tuple[int, int] | None = None
        self._keys = KeySet([])
        self._failure = ""

    def at_hand(self) -> KeySet | None:
        try:
            status = self._path.stat()
            version = status.st_mtime_ns, status.st_ino
            if version != self._read_at:
                self._keys = read_keys(self._path.read_bytes())
                self._read_at = version
        except (OSError, ValueError) as error:
            self._failure = str(error)
            _log.warning("the keys in %s cannot be read: %s", self._path, error)
        return self._keys if self._read_at is not None else None

    async def current(self) -> KeySet:
        if (keys := self.at_hand()) is None:
            raise KeysUnavailable(f"the keys in {self._path} cannot be read: {self._failure}")
        return keys

    async def renewed(self) -> KeySet:
        return await self.current()


class KeysBehindUrl:
    """A URL that is asked again after a while; when it does not answer, the keys before are kept."""

    def __init__(self, url: str, *, refresh_seconds: float, now: Callable[[], float] = monotonic) -> None:
        self._url = url
        self._refresh_seconds = refresh_seconds
        self._now = now
        self._keys: KeySet | None = None
        self._content = b""
        self._asked_at = -_PAUSE
        self._failure = "it was not asked yet"
        self._asking: asyncio.Task[None] | None = None

    def at_hand(self) -> KeySet | None:
        if self._keys is not None and self._now() - self._asked_at > self._refresh_seconds:
            self._begin()  # and nobody waits for it
        return self._keys

    async def current(self) -> KeySet:
        return self.at_hand() or await self.renewed()

    async def renewed(self) -> KeySet:
        if self._asking is not None or self._now() - self._asked_at >= _PAUSE:
            await asyncio.shield(self._begin())
        if self._keys is None:
            raise KeysUnavailable(f"no keys came from {self._url}: {self._failure}")
        return self._keys

    def _begin(self) -> "asyncio.Task[None]":
        if self._asking is None:
            self._asked_at = self._now()
            self._asking = asyncio.create_task(self._ask())
        return self._asking

    async def _ask(self) -> None:
        try:
            content = await in_background(self._fetch)
            if content != self._content:
                self._keys, self._content = read_keys(content), content
        except (OSError, HTTPException, ValueError) as error:
            self._failure = str(error) or type(error).__name__
            _log.warning("no keys came from %s: %s", self._url, self._failure)
        finally:
            self._asking = None

    def _fetch(self) -> bytes:
        request = Request(self._url, headers={"accept": "application/json"})  # noqa: S310 # http or https
        try:
            with urlopen(request, timeout=_PATIENCE) as response:  # noqa: S310
                content: bytes = response.read(_LARGEST + 1)
        except HTTPError as error:
            error.close()
            raise
        if len(content) > _LARGEST:
            raise ValueError(f"the answer is larger than {_LARGEST} bytes")
        return content


def read_keys(content: bytes) -> KeySet:
    """The keys of a JWKS document that can be used here. ValueError when it is none."""
    document: Any = json.loads(content)
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise ValueError("it is not a JWKS document")  # noqa: TRY004 -- of a text, the value is wrong
    usable = []
    for key in document["keys"]:
        try:
            usable += KeySet.import_key_set({"keys": [key]}).keys
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            _log.warning("a key of the JWKS document cannot be used: %s", error)
    return KeySet(usable)
