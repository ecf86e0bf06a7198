"""The ring of keys as files in the data folder.

The private halves are in a file that only its owner can read. The public ones are published as a JWKS: a file
beside it for the subgraphs of this installation, and over HTTP for everybody else. All processes that sign
share the folder; whoever signs looks whether there is another ring, and makes the next key when it is due.
"""

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from subgraphs.identity.keys.ring import KeyRing, Rotation, SigningKey, jwks
from subgraphs.kernel.domain import Clock

PRIVATE_KEYS_FILE: Final = "identity-keys.json"
PUBLIC_KEYS_FILE: Final = "jwks.json"

_LOCK_FILE: Final = ".identity-keys.lock"


class SigningKeyError(Exception):
    """The file of the keys cannot be used. The message says which file and why."""


class _StoredKey(msgspec.Struct, frozen=True):
    signs_from: datetime
    jwk: dict[str, Any]


class _StoredRing(msgspec.Struct, frozen=True):
    keys: list[_StoredKey]


@dataclass(frozen=True, slots=True)
class _Read:
    ring: KeyRing
    version: tuple[int, int]


class KeyStore:
    """The keys of an installation. Every method raises SigningKeyError."""

    def __init__(self, folder: Path, rotation: Rotation, clock: Clock) -> None:
        self._folder = folder
        self._rotation = rotation
        self._clock = clock
        self._read: _Read | None = None

    @property
    def path(self) -> Path:
        return self._folder / PRIVATE_KEYS_FILE

    @property
    def rotation(self) -> Rotation:
        return self._rotation

    def open(self) -> KeyRing:
        """The ring, made when there is none; its public half is published."""
        with self._alone():
            now = self._clock.now()
            if not self.path.exists():
                return self._write(KeyRing.new(now), now)
            return self._write(self.ring().tended(now, self._rotation), now)

    def ring(self) -> KeyRing:
        """The ring as it is now, read again when somebody has changed it."""
        try:
            status = self.path.stat()
            version = status.st_mtime_ns, status.st_ino
            if self._read is None or self._read.version != version:
                self._read = _Read(_parse(self.path), version)
        except FileNotFoundError:
            raise SigningKeyError(f"there are no keys in {self._folder}") from None
        return self._read.ring

    def signer(self) -> SigningKey:
        """The key that signs now. Publishes the next one when that is due, and takes back what is over."""
        now = self._clock.now()
        ring = self.ring()
        if not ring.is_tended(now, self._rotation):
            ring = self.change(lambda found: found.tended(now, self._rotation))
        return ring.signer(now)

    def change(self, how: Callable[[KeyRing], KeyRing]) -> KeyRing:
        """Another ring in place of the one that is there, by one process at a time."""
        with self._alone():
            found = self.ring()
            changed = how(found)
            return found if changed == found else self._write(changed, self._clock.now())

    def jwks(self) -> bytes:
        """What is published now."""
        return jwks(self.ring().published(self._clock.now(), self._rotation))

    def _write(self, ring: KeyRing, now: datetime) -> KeyRing:
        # Published first: nothing is signed with a key that nobody knows.
        self._publish(ring, now)
        keys = [_StoredKey(key.signs_from, key.jwk.as_dict(private=key.jwk.is_private)) for key in ring.keys]
        _write_beside(self.path, msgspec.json.encode(_StoredRing(keys))).replace(self.path)
        return self.ring()

    def _publish(self, ring: KeyRing, now: datetime) -> None:
        path = self._folder / PUBLIC_KEYS_FILE
        written = _write_beside(path, jwks(ring.published(now, self._rotation)))
        written.chmod(0o644)
        written.replace(path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        held = os.open(self._folder / _LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield
        finally:
            os.close(held)


def _parse(path: Path) -> KeyRing:
    try:
        stored = msgspec.json.decode(path.read_bytes(), type=_StoredRing)
        keys = tuple(SigningKey(OKPKey.import_key(key.jwk), key.signs_from) for key in stored.keys)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise SigningKeyError(f"{path} holds no signing keys: {error}") from None
    if not keys or not keys[-1].jwk.is_private or any(key.jwk.kid is None for key in keys):
        raise SigningKeyError(f"{path} holds no private key with a key id")
    return KeyRing(keys)


def _write_beside(path: Path, content: bytes) -> Path:
    # mkstemp creates files with mode 0600.
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)
