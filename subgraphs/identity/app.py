"""Composition root of identity."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from subgraphs.contracts.caches import USER
from subgraphs.contracts.identity import (
    UserCreated,
    UserDeleted,
    UserProfileCreated,
    UserProfileUpdated,
    UserRoleChanged,
    UserUpdated,
)
from subgraphs.identity.api import schema
from subgraphs.identity.commands import Tools, register_commands
from subgraphs.identity.commands.guard import LoginGuard
from subgraphs.identity.domain import LockoutRule
from subgraphs.identity.external.oidc import OidcProvider
from subgraphs.identity.jobs import user_cleanup
from subgraphs.identity.keys import KeyStore, Rotation
from subgraphs.identity.passwords import PasswordHasher
from subgraphs.identity.queries import UsersByIds, UserView, register_queries
from subgraphs.identity.sagas import USER_ONBOARDING, USER_VERIFICATION
from subgraphs.identity.subscriptions import subscriptions
from subgraphs.identity.tokens import TokenIssuer
from subgraphs.kernel.application.buses import CommandBus, QueryBus
from subgraphs.kernel.cache.cached import Cached
from subgraphs.kernel.cache.invalidation import forgetting
from subgraphs.kernel.cache.refill import asking
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.domain import Clock
from subgraphs.kernel.graphql.app import GraphQLApp
from subgraphs.kernel.messaging.subscriptions import Interest
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
    lockout = LockoutRule(free=settings.login_attempts_before_lockout)
    guard = LoginGuard(
        platform.database,
        platform.clock,
        lockout,
        knows_addresses=settings.trusted_proxies > 0,
    )
    tools = Tools(
        platform.database,
        PasswordHasher(settings.password_rounds),
        tokens,
        guard,
        platform.ids,
        OidcProvider(settings.oidc, platform.clock) if settings.oidc else None,
    )
    register_commands(commands, tools)
    cached_users = Cached[UserView](USER, UserView, platform.cache)
    register_queries(queries, cached_users=cached_users, clock=platform.clock)
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
            *subscriptions(commands),
            forgetting(
                _USER_CACHE,
                UserCreated,
                cached_users,
                keys=lambda event: [event.user_id],
                refill=asking(queries, platform.ids, lambda user_id: UsersByIds((user_id,))),
            ),
            *_cache_subscriptions(cached_users),
        ),
        sagas=(USER_ONBOARDING, USER_VERIFICATION),
        jobs=(user_cleanup(lockout),),
    )


def _cache_subscriptions(cached_users: Cached[UserView]) -> tuple[Interest[Any], ...]:
    """Whatever changes what everybody may see of a user."""
    return tuple(
        forgetting(_USER_CACHE, event, cached_users, keys=lambda event: [event.user_id])
        for event in (UserUpdated, UserProfileCreated, UserProfileUpdated, UserRoleChanged, UserDeleted)
    )


def key_store(settings: Settings, clock: Clock) -> KeyStore:
    """The keys of this installation, which need not be there yet."""
    rotation = Rotation(
        every=timedelta(days=settings.signing_key_days),
        lead=_KEY_LEAD,
        tokens_live=timedelta(minutes=settings.access_token_minutes),
    )
    return KeyStore(settings.data_dir, rotation, clock)
