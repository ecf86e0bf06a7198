"""Access tokens, and the key that signs them.

The private key is a file in the data folder that only its owner can read. Its public half is published as a
JWKS, as a file beside it for the subgraphs of this installation and over HTTP for everybody else.
"""

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from subgraphs.identity.domain import UserId, UserRole
from subgraphs.kernel.domain import Clock, IdGenerator
from subgraphs.kernel.graphql.tokens import ALGORITHM

PRIVATE_KEY_FILE = "identity-key.json"
PUBLIC_KEYS_FILE = "jwks.json"


class SigningKeyError(Exception):
    """The key file cannot be used. The message says which file and why."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """Proof of who one is, until it expires."""

    token: str
    user_id: UserId
    expires_at: datetime


class TokenIssuer:
    """Signs access tokens."""

    def __init__(
        self, key: OKPKey, *, issuer: str, lifetime: timedelta, clock: Clock, ids: IdGenerator
    ) -> None:
        self._key = key
        self._issuer = issuer
        self._lifetime = lifetime
        self._clock = clock
        self._ids = ids

    def issue(self, user_id: UserId, role: UserRole) -> AccessToken:
        """A token for this user. Its role is what the user is now: a change shows in the next token."""
        # A token counts in whole seconds.
        now = self._clock.now().replace(microsecond=0)
        expires_at = now + self._lifetime
        claims = {
            "iss": self._issuer,
            "sub": str(user_id),
            "role": role.value,
            "iat": int(now.timestamp()),
            "exp": int(expires_at.timestamp()),
            "jti": str(self._ids.new()),
        }
        token = jwt.encode({"alg": ALGORITHM, "kid": self._key.kid}, claims, self._key, [ALGORITHM])
        return AccessToken(token, user_id, expires_at)


def open_signing_key(data_dir: Path) -> OKPKey:
    """The installation's key, made when there is none; its public half is published. SigningKeyError."""
    path = data_dir / PRIVATE_KEY_FILE
    if not path.exists():
        _create(path, json.dumps(_new_key().as_dict(private=True)).encode())
    try:
        key = OKPKey.import_key(json.loads(path.read_bytes()))
        if not key.is_private or key.kid is None:
            raise SigningKeyError(f"{path} holds no private key with a key id")
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise SigningKeyError(f"{path} is not a signing key: {error}") from None
    _replace(data_dir / PUBLIC_KEYS_FILE, public_keys(key))
    return key


def public_keys(key: OKPKey) -> bytes:
    """The JWKS document (RFC 7517) in which others find the public key by its id."""
    return json.dumps(KeySet([key]).as_dict(private=False), sort_keys=True).encode()


def _new_key() -> OKPKey:
    key = OKPKey.generate_key("Ed25519", parameters={"use": "sig", "alg": ALGORITHM})
    key.ensure_kid()
    return key


def _create(path: Path, content: bytes) -> None:
    """Create a file that only its owner can read, whole or not at all; the first process wins."""
    written = _write_beside(path, content)
    with suppress(FileExistsError):
        path.hardlink_to(written)
    written.unlink()


def _replace(path: Path, content: bytes) -> None:
    written = _write_beside(path, content)
    written.chmod(0o644)
    written.replace(path)


def _write_beside(path: Path, content: bytes) -> Path:
    # mkstemp creates files with mode 0600.
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)
