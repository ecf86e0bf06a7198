"""Who asks, and whether the token lets them."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Path, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from plait_schema.registry.errors import FORBIDDEN, UNAUTHENTICATED
from plait_schema.registry.model import VariantId
from plait_schema.registry.registry import Clock
from plait_schema.registry.store import TokenStore
from plait_schema.registry.tokens import Permission, Token, hash_of

VARIANT = "/api/graphs/{graph}/variants/{variant}"  # the path that is about one

_bearer = HTTPBearer(auto_error=False, description="A token of `plait registry token create`.")


class Access:
    """Makes the dependencies of routes: `Depends(access.to(Permission.READ))`.

    Who sends no token is `everyone`, where that is given.
    """

    def __init__(self, tokens: TokenStore, clock: Clock, everyone: Token | None = None) -> None:
        self._tokens = tokens
        self._clock = clock
        self._everyone = everyone

    async def token_of(self, secret: str | None) -> Token:
        """Raises RegistryError (UNAUTHENTICATED), saying no more than the asker may know."""
        if not secret and self._everyone is not None:
            return self._everyone
        if not secret:
            raise UNAUTHENTICATED.because("send a token, as in `authorization: Bearer plait_...`")
        now = self._clock()
        token = await self._tokens.find(hash_of(secret), now=now)
        if token is None or not token.is_valid(now):
            raise UNAUTHENTICATED.because("the token is not known, has expired or was revoked.")
        return token

    def to(self, permission: Permission) -> Callable[..., Coroutine[Any, Any, Token]]:
        """The token, once it is known to allow this on the variant of the path, or on the whole registry."""

        async def allowed(
            request: Request,
            credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
        ) -> Token:
            token = await self.token_of(credentials.credentials if credentials else None)
            path = request.path_params
            target = VariantId(path["graph"], path["variant"]) if "graph" in path else None
            require(token, permission, target)
            return token

        return allowed

    def any(self) -> Callable[..., Coroutine[Any, Any, Token]]:
        """The token, whatever it allows."""

        async def known(
            credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
        ) -> Token:
            return await self.token_of(credentials.credentials if credentials else None)

        return known


def require(token: Token, permission: Permission, target: VariantId | None) -> None:
    """Raises RegistryError (FORBIDDEN)."""
    if not token.allows(permission, target):
        where = str(target) if target else "the registry as a whole"
        raise FORBIDDEN.because(f"the token {token.name!r} does not allow {permission} on {where}.")


def variant_of_path(
    graph: Annotated[str, Path(description="The graph's name.")],
    variant: Annotated[str, Path(description="The variant's name.")],
) -> VariantId:
    return VariantId(graph, variant)
