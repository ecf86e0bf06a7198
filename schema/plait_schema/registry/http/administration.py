"""Routes for who runs the registry: tokens and the audit log."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from plait_schema.registry.errors import INVALID_REQUEST
from plait_schema.registry.http.access import Access
from plait_schema.registry.http.bodies import Body, Line, Name
from plait_schema.registry.http.numbers import Number
from plait_schema.registry.model import AuditEntry
from plait_schema.registry.registry import Clock
from plait_schema.registry.store import TokenStore
from plait_schema.registry.tokens import Permission, Scope, Token, hash_of, new_secret


class TokenBody(Body):
    """A token to be made."""

    name: Name
    scopes: list[Line] = Field(min_length=1, examples=[["publish:shop@*", "check:shop@*"]])
    expires_at: datetime | None = None


class TokenAnswer(Body):
    id: int
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    secret: str | None = Field(default=None, description="Only in the answer that made the token.")

    @classmethod
    def of(cls, token: Token, secret: str | None = None) -> "TokenAnswer":
        return cls(
            id=token.id,
            name=token.name,
            scopes=[str(scope) for scope in token.scopes],
            created_at=token.created_at,
            expires_at=token.expires_at,
            revoked_at=token.revoked_at,
            last_used_at=token.last_used_at,
            secret=secret,
        )


class TokensAnswer(Body):
    tokens: list[TokenAnswer]


class AuditAnswerEntry(Body):
    id: int
    at: datetime
    by: str
    action: str
    target: str
    detail: dict[str, Any]


class AuditAnswer(Body):
    entries: list[AuditAnswerEntry]

    @classmethod
    def of(cls, entries: Iterable[tuple[int, AuditEntry]]) -> "AuditAnswer":
        return cls(
            entries=[
                AuditAnswerEntry(
                    id=number,
                    at=one.at,
                    by=one.by,
                    action=one.action,
                    target=one.target,
                    detail=dict(one.detail),
                )
                for number, one in entries
            ]
        )


def administration_routes(tokens: TokenStore, access: Access, clock: Clock) -> APIRouter:
    routes = APIRouter(tags=["administration"])
    admin = Annotated[Token, Depends(access.to(Permission.ADMIN))]

    @routes.get("/api/tokens")
    async def list_tokens(_: admin) -> TokensAnswer:
        """All tokens, without their secrets."""
        return TokensAnswer(tokens=[TokenAnswer.of(one) for one in await tokens.all()])

    @routes.post("/api/tokens", status_code=201)
    async def create_token(token: admin, body: TokenBody) -> TokenAnswer:
        """Make a token. Its secret is in this answer, and nowhere else."""
        scopes = [Scope.parse(scope) for scope in body.scopes]
        if body.expires_at is not None and body.expires_at.tzinfo is None:
            raise INVALID_REQUEST.because("body.expiresAt: say the time zone, as in 2030-01-01T00:00:00Z.")
        secret = new_secret()
        made = await tokens.add(
            body.name, hash_of(secret), scopes, by=token.name, now=clock(), expires_at=body.expires_at
        )
        return TokenAnswer.of(made, secret)

    @routes.delete("/api/tokens/{number}")
    async def revoke_token(token: admin, number: Number) -> TokenAnswer:
        """Revoke a token, from its next request on."""
        return TokenAnswer.of(await tokens.revoke(number, by=token.name, now=clock()))

    @routes.get("/api/audit")
    async def audit(
        _: admin,
        before: Annotated[Number | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> AuditAnswer:
        """Who changed what, the newest first."""
        return AuditAnswer.of(await tokens.audit(before=before, limit=limit))

    return routes
