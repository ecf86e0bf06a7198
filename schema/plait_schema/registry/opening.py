"""A registry from its settings: the database with its tables, the signing key, and the first token."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from plait_schema.delivery.signature import SigningKey
from plait_schema.registry.checking import Checks
from plait_schema.registry.delivering import Delivery
from plait_schema.registry.registry import Registry, system_clock
from plait_schema.registry.store import (
    ApprovalStore,
    CheckStore,
    ContractStore,
    Database,
    TokenStore,
    UsageStore,
    VersionStore,
    WebhookStore,
    database_url,
    migrate,
)
from plait_schema.registry.tokens import Permission, Scope, hash_of, new_secret
from plait_schema.registry.webhooks.making import Webhooks
from plait_schema.registry.webhooks.sealing import Seal


class SigningKeyError(Exception):
    """The signing key cannot be read or written. The message says why, in one line."""


@dataclass(frozen=True, slots=True)
class OpenRegistry:
    """`first_secret` is that of the admin token which a new registry is given; it is told once."""

    database: Database
    registry: Registry
    tokens: TokenStore
    usage: UsageStore
    checks: Checks
    webhooks: Webhooks
    first_secret: str | None


@asynccontextmanager
async def opened(url: str, *, key_file: Path | None = None) -> AsyncIterator[OpenRegistry]:
    """A registry until the block ends; beside a SQLite file, `FILE.key` holds its signing key.

    Raises DatabaseError and SigningKeyError.
    """
    database = Database(url)
    try:
        key = read_or_make_key(key_file or _beside(url))
        await migrate(database)
        tokens = TokenStore(database)
        versions = VersionStore(database)
        delivery = Delivery(versions, key, is_shared=database.is_shared)
        registry = Registry(versions, ContractStore(database), delivery)
        first_secret, usage = await _first_token(tokens), UsageStore(database)
        checks = Checks(registry, usage, CheckStore(database), ApprovalStore(database))
        webhooks = Webhooks(WebhookStore(database), Seal(key.derived("webhooks")), clock=system_clock)
        yield OpenRegistry(database, registry, tokens, usage, checks, webhooks, first_secret)
    finally:
        await database.close()


def read_or_make_key(file: Path) -> SigningKey:
    """The key in the file; a new one where there is no file, readable by its owner alone.

    Raises SigningKeyError.
    """
    try:
        return SigningKey.from_pem(file.read_bytes())
    except FileNotFoundError:
        return _make_key(file)
    except (OSError, ValueError) as error:
        raise SigningKeyError(f"the signing key {file} cannot be used: {_reason(error)}") from error


def _make_key(file: Path) -> SigningKey:
    key = SigningKey.generate()
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as written:
            written.write(key.pem)
            written.flush()
            os.fsync(written.fileno())
        with suppress(FileExistsError):  # another registry was faster: its key is the one
            os.link(unfinished, file)
        return SigningKey.from_pem(file.read_bytes())
    except (OSError, ValueError) as error:
        raise SigningKeyError(f"the signing key {file} cannot be written: {_reason(error)}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _beside(url: str) -> Path:
    parsed = database_url(url)
    if parsed.get_backend_name() != "sqlite":
        message = "registries that share a database share a signing key: say with --signing-key where it is"
        raise SigningKeyError(message)
    return Path(f"{parsed.database}.key")


async def _first_token(tokens: TokenStore) -> str | None:
    secret = new_secret()
    made = await tokens.add_first("admin", hash_of(secret), [Scope(Permission.ADMIN)], now=system_clock())
    return secret if made else None
