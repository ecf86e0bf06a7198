"""Tokens, of which only hashes are kept, and the audit log."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from plait_schema.registry.errors import NOT_FOUND
from plait_schema.registry.model import AuditEntry
from plait_schema.registry.store import auditing
from plait_schema.registry.store.database import Database
from plait_schema.registry.store.tables import Row, audit, tokens
from plait_schema.registry.tokens import Scope, Token

_USE_NOTED_EVERY: Final = timedelta(minutes=1)


class TokenStore:
    """Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        name: str,
        secret_hash: str,
        scopes: Iterable[Scope],
        *,
        by: str,
        now: datetime,
        expires_at: datetime | None = None,
    ) -> Token:
        scopes = tuple(scopes)
        async with self._database.write() as connection:
            token_id = await _insert(connection, name, secret_hash, scopes, now, expires_at)
            detail = {"scopes": [str(scope) for scope in scopes]}
            await auditing.record(
                connection,
                at=now,
                by=by,
                action="token-create",
                target=f"token {token_id} ({name})",
                detail=detail,
            )
        return Token(token_id, name, scopes, now, expires_at)

    async def add_first(self, name: str, secret_hash: str, scopes: Iterable[Scope], *, now: datetime) -> bool:
        """The token that a new registry starts with. False when it has had one: it is made once."""
        try:
            async with self._database.write() as connection:
                if (await connection.execute(select(tokens.c.id).limit(1))).first() is not None:
                    return False
                await _insert(connection, name, secret_hash, tuple(scopes), now, None, first=True)
        except IntegrityError:  # of two that start at once
            return False
        return True

    async def find(self, secret_hash: str, *, now: datetime) -> Token | None:
        """Notes its use, too, at most once a minute."""
        async with self._database.read() as connection:
            row = (
                (await connection.execute(select(tokens).where(tokens.c.hash == secret_hash)))
                .mappings()
                .first()
            )
        if row is None:
            return None
        token = _token(row)
        if token.last_used_at is None or now - token.last_used_at > _USE_NOTED_EVERY:
            with suppress(SQLAlchemyError):  # a database that is full keeps nobody from reading
                async with self._database.write() as connection:
                    used = update(tokens).where(tokens.c.id == token.id).values(last_used_at=now)
                    await connection.execute(used)
        return token

    async def all(self) -> tuple[Token, ...]:
        async with self._database.read() as connection:
            rows = await connection.execute(select(tokens).order_by(tokens.c.id))
            return tuple(_token(row) for row in rows.mappings())

    async def revoke(self, token_id: int, *, by: str, now: datetime) -> Token:
        """Raises RegistryError (NOT_FOUND). Revoked once, it stays as it was."""
        async with self._database.write() as connection:
            row = (await connection.execute(select(tokens).where(tokens.c.id == token_id))).mappings().first()
            if row is None:
                raise NOT_FOUND.because(f"there is no token {token_id}.")
            if row["revoked_at"] is None:
                await connection.execute(update(tokens).where(tokens.c.id == token_id).values(revoked_at=now))
                target = f"token {token_id} ({row['name']})"
                await auditing.record(connection, at=now, by=by, action="token-revoke", target=target)
        return _token({**row, "revoked_at": row["revoked_at"] or now})

    async def audit(self, *, before: int | None, limit: int) -> tuple[tuple[int, AuditEntry], ...]:
        """The newest first, with their ids, which go on where the last page ended."""
        query = select(audit).order_by(audit.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(audit.c.id < before)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings()
            return tuple(
                (row["id"], AuditEntry(row["at"], row["by"], row["action"], row["target"], row["detail"]))
                for row in rows
            )


async def _insert(
    connection: AsyncConnection,
    name: str,
    secret_hash: str,
    scopes: tuple[Scope, ...],
    now: datetime,
    expires_at: datetime | None,
    *,
    first: bool | None = None,
) -> int:
    row = {
        "name": name,
        "hash": secret_hash,
        "scopes": [str(scope) for scope in scopes],
        "created_at": now,
        "expires_at": expires_at,
        "first": first,
    }
    return int((await connection.execute(insert(tokens).values(row).returning(tokens.c.id))).scalar_one())


def _token(row: Row) -> Token:
    return Token(
        id=row["id"],
        name=row["name"],
        scopes=tuple(Scope.parse(scope) for scope in row["scopes"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
        last_used_at=row["last_used_at"],
    )
