"""Composition root of identity."""

from datetime import timedelta
from pathlib import Path

from subgraphs.contracts.caches import USER
from subgraphs.contracts.identity import UserRoleChanged, UserUpdated
from subgraphs.identity.api import schema
from subgraphs.identity.commands import register_commands
from subgraphs.identity.passwords import PasswordHasher
from subgraphs.identity.queries import UserView, register_queries
from subgraphs.identity.tokens import TokenIssuer, open_signing_key, public_keys
from subgraphs.kernel.application.buses import CommandBus, QueryBus
from subgraphs.kernel.cache.cached import Cached
from subgraphs.kernel.cache.invalidation import forgetting
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.graphql.app import GraphQLApp
from subgraphs.kernel.platform import Platform

NAME = "identity"
JWKS_PATH = "/.well-known/jwks.json"
_USER_CACHE = "identity.user_cache"


def build(platform: Platform) -> BoundedContext:
    """The context on this platform. Makes the signing key when there is none; SigningKeyError."""
    settings = platform.settings
    key = open_signing_key(settings.data_dir)
    tokens = TokenIssuer(
        key,
        issuer=settings.issuer,
        lifetime=timedelta(minutes=settings.access_token_minutes),
        clock=platform.clock,
        ids=platform.ids,
    )
    commands = CommandBus(NAME, platform.transactions, limits=platform.limits)
    queries = QueryBus(platform.database, limits=platform.limits)
    passwords = PasswordHasher(settings.password_rounds)
    register_commands(commands, database=platform.database, passwords=passwords, tokens=tokens)
    cached_users = Cached[UserView](USER, UserView, platform.cache)
    register_queries(queries, cached_users=cached_users)
    jwks = public_keys(key)
    asgi = GraphQLApp(
        schema,
        commands=commands,
        queries=queries,
        tokens=platform.tokens,
        ids=platform.ids,
        documents={JWKS_PATH: lambda: jwks},
    )
    return BoundedContext(
        name=NAME,
        asgi=asgi,
        schema=schema,
        commands=commands,
        queries=queries,
        migrations=Path(__file__).parent / "migrations",
        subscriptions=(
            forgetting(_USER_CACHE, UserUpdated, cached_users, keys=lambda event: [event.user_id]),
            forgetting(_USER_CACHE, UserRoleChanged, cached_users, keys=lambda event: [event.user_id]),
        ),
    )
