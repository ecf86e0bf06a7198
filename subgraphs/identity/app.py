"""Composition root of identity."""

from datetime import timedelta
from pathlib import Path

from subgraphs.contracts.caches import USER
from subgraphs.contracts.identity import UserRoleChanged, UserUpdated
from subgraphs.identity.api import schema
from subgraphs.identity.commands import register_commands
from subgraphs.identity.keys import KeyStore, Rotation
from subgraphs.identity.passwords import PasswordHasher
from subgraphs.identity.queries import UserView, register_queries
from subgraphs.identity.tokens import TokenIssuer
from subgraphs.kernel.application.buses import CommandBus, QueryBus
from subgraphs.kernel.cache.cached import Cached
from subgraphs.kernel.cache.invalidation import forgetting
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.domain import Clock
from subgraphs.kernel.graphql.app import GraphQLApp
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.settings import Settings

NAME = "identity"
_KEY_LEAD = timedelta(minutes=15)  # longer than anybody keeps a copy of the published keys
JWKS_PATH = "/.well-known/jwks.json"
_USER_CACHE = "identity.user_cache"


def build(platform: Platform) -> BoundedContext:
    """The context on this platform. Makes the signing keys when there is none; SigningKeyError."""
    settings = platform.settings
    keys = key_store(settings, platform.clock)
    keys.open()
    tokens = TokenIssuer(
        keys,
        issuer=settings.issuer,
        audience=settings.audience,
        clock=platform.clock,
        ids=platform.ids,
    )
    commands = CommandBus(NAME, platform.transactions, limits=platform.limits)
    queries = QueryBus(platform.database, limits=platform.limits)
    passwords = PasswordHasher(settings.password_rounds)
    register_commands(commands, database=platform.database, passwords=passwords, tokens=tokens)
    cached_users = Cached[UserView](USER, UserView, platform.cache)
    register_queries(queries, cached_users=cached_users)
    asgi = GraphQLApp(
        schema,
        commands=commands,
        queries=queries,
        tokens=platform.tokens,
        ids=platform.ids,
        documents={JWKS_PATH: keys.jwks},
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


def key_store(settings: Settings, clock: Clock) -> KeyStore:
    """The keys of this installation, which need not be there yet."""
    rotation = Rotation(
        every=timedelta(days=settings.signing_key_days),
        lead=_KEY_LEAD,
        tokens_live=timedelta(minutes=settings.access_token_minutes),
    )
    return KeyStore(settings.data_dir, rotation, clock)
