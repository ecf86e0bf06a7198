"""Routes for who runs the registry: tokens and the audit log."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from plait_schema.registry.errors import INVALID_REQUEST
from plait_schema.registry.http.access import Access
from plait_schema.registry.http.bodies import AuditAnswer, TokenAnswer, TokenBody, TokensAnswer
from plait_schema.registry.http.numbers import Number
from plait_schema.registry.registry import Clock
from plait_schema.registry.store import TokenStore
from plait_schema.registry.tokens import Permission, Scope, Token, hash_of, new_secret


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
