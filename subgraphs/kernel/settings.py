"""What differs from one installation to the next."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from subgraphs.kernel.limits.rules import ADDRESSES, QUERIES, REQUESTS, SIGN_INS

A = TypeVar("A", int, None)

_ISSUER: Final = "plait-identity"
_AUDIENCE: Final = "plait"
_SIGNING_KEY_DAYS: Final = 90
_LOGIN_ATTEMPTS: Final = 5
_MOST_DAYS: Final = 36_500
_MOST_AMOUNT: Final = 1_000_000
_PUBLIC_URL: Final = "http://127.0.0.1:4000"
_MAIL_FROM: Final = "The academy <academy@academy.example>"
_DATABASES: Final = ("postgresql", "sqlite")
_DATABASE_URLS: Final = "sqlite:///path/to/platform.db or postgresql://user:password@host:5432/database"
_MOST_PORT: Final = 65_535
_STRIPE_URL: Final = "https://api.stripe.com"
_TWILIO_URL: Final = "https://api.twilio.com"
_FCM_URL: Final = "https://fcm.googleapis.com"


@dataclass(frozen=True, slots=True)
class Keep:
    """How long what is done with is kept: messages, for replays and lest they are handled twice; and what
    people did."""

    messages: timedelta = timedelta(days=30)
    audit: timedelta = timedelta(days=365)


_KEEP: Final = Keep()


@dataclass(frozen=True, slots=True)
class Oidc:
    """An identity provider by which people may log in, and what it knows of us."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Twilio:
    """The account that sends text messages, from a number or a messaging service (MG...)."""

    account_sid: str
    auth_token: str = field(repr=False)
    sender: str


class SettingsError(Exception):
    """A variable of the environment is not what it should be. The code is for programs."""

    def __init__(self, message: str, *, code: str = "BAD_SETTINGS") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Settings:
    """`data_dir` holds everything that is stored; it exists.

    `database_url` is `sqlite:///path` or `postgresql://user@host/database`; without it the database is a file
    in `data_dir`. `redis_url` is `redis://host:port/0` or `unix:///path?db=0`; without it, what processes
    would share through Redis each has for itself. `contexts` are those that the process hosts: the others are
    elsewhere, with databases of their own, and messages go there and come from there over Redis. `patience`
    is how long a query waits for the version that its answer should include. Mails come from `mail_from` and
    lead to pages under `public_url`; `smtp_url`, `smtp://user:password@host:587` or `smtps://...`, takes
    them: without one they are files in `data_dir`, as are text messages without `twilio` and pushes without
    `fcm_credentials`, the key file of a Google service account. Money is moved by the `payments_provider`,
    `stripe`, which needs the account's key and the secret of its webhooks, or `fake` for development, which a
    database in a file has without a word. So many `trusted_proxies` stand in front of the process, and say in
    X-Forwarded-For where a request comes from.
    """

    data_dir: Path
    database_url: str | None = None
    redis_url: str | None = None
    contexts: tuple[str, ...] | None = None
    issuer: str = _ISSUER
    audience: str = _AUDIENCE
    access_token_minutes: int = 15
    signing_key_days: int = _SIGNING_KEY_DAYS
    password_rounds: int = 12
    keep: Keep = _KEEP
    patience: timedelta = timedelta(seconds=1)
    requests_per_minute: int = REQUESTS.amount
    sign_ins_per_hour: int = SIGN_INS.amount
    public_url: str = _PUBLIC_URL
    mail_from: str = _MAIL_FROM
    smtp_url: str | None = field(default=None, repr=False)
    twilio: Twilio | None = None
    twilio_url: str = _TWILIO_URL
    fcm_credentials: Path | None = None
    fcm_url: str = _FCM_URL
    payments_provider: str | None = None
    stripe_secret_key: str | None = field(default=None, repr=False)
    stripe_webhook_secret: str | None = field(default=None, repr=False)
    stripe_url: str = _STRIPE_URL
    queries_per_minute: int = QUERIES.amount
    endpoint_requests_per_hour: int | None = None
    anonymous_requests_per_minute: int = ADDRESSES.amount
    trusted_proxies: int = 0
    login_attempts_before_lockout: int = _LOGIN_ATTEMPTS
    oidc: Oidc | None = None

    @classmethod
    def from_environment(cls, data_dir: Path, *, public_url: str = _PUBLIC_URL) -> "Settings":
        """As the variables say that are set: PLAIT_DATABASE_URL, PLAIT_REDIS_URL, PLAIT_CONTEXTS (names with
        commas between), PLAIT_KEEP_MESSAGES_DAYS, PLAIT_KEEP_AUDIT_DAYS, PLAIT_REQUESTS_PER_MINUTE,
        PLAIT_SIGN_INS_PER_HOUR, PLAIT_TOKEN_ISSUER, PLAIT_TOKEN_AUDIENCE, PLAIT_SIGNING_KEY_DAYS,
        PLAIT_PUBLIC_URL, PLAIT_MAIL_FROM, PLAIT_SMTP_URL, PLAIT_TWILIO_URL, PLAIT_FCM_CREDENTIALS,
        PLAIT_FCM_URL, PLAIT_PAYMENTS_PROVIDER, PLAIT_STRIPE_SECRET_KEY,
        PLAIT_STRIPE_WEBHOOK_SECRET, PLAIT_STRIPE_URL, PLAIT_QUERIES_PER_MINUTE,
        PLAIT_ENDPOINT_REQUESTS_PER_HOUR, PLAIT_ANONYMOUS_REQUESTS_PER_MINUTE, PLAIT_TRUSTED_PROXIES,
        PLAIT_LOGIN_ATTEMPTS_BEFORE_LOCKOUT; and, all of them or none, PLAIT_OIDC_ISSUER,
        PLAIT_OIDC_CLIENT_ID, PLAIT_OIDC_CLIENT_SECRET, PLAIT_OIDC_REDIRECT_URI; PLAIT_TWILIO_ACCOUNT_SID,
        PLAIT_TWILIO_AUTH_TOKEN, PLAIT_TWILIO_FROM. Without PLAIT_PUBLIC_URL, links lead below this
        `public_url`. SettingsError."""
        keep = Keep(
            _days("PLAIT_KEEP_MESSAGES_DAYS", _KEEP.messages), _days("PLAIT_KEEP_AUDIT_DAYS", _KEEP.audit)
        )
        return cls(
            data_dir,
            database_url=_database_url(os.environ.get("PLAIT_DATABASE_URL") or None),
            redis_url=os.environ.get("PLAIT_REDIS_URL") or None,
            contexts=_names("PLAIT_CONTEXTS"),
            issuer=os.environ.get("PLAIT_TOKEN_ISSUER") or _ISSUER,
            audience=os.environ.get("PLAIT_TOKEN_AUDIENCE") or _AUDIENCE,
            signing_key_days=_days("PLAIT_SIGNING_KEY_DAYS", timedelta(days=_SIGNING_KEY_DAYS)).days,
            keep=keep,
            requests_per_minute=_amount("PLAIT_REQUESTS_PER_MINUTE", REQUESTS.amount),
            sign_ins_per_hour=_amount("PLAIT_SIGN_INS_PER_HOUR", SIGN_INS.amount),
            public_url=os.environ.get("PLAIT_PUBLIC_URL") or public_url,
            mail_from=os.environ.get("PLAIT_MAIL_FROM") or _MAIL_FROM,
            smtp_url=os.environ.get("PLAIT_SMTP_URL") or None,
            twilio=_twilio(),
            twilio_url=os.environ.get("PLAIT_TWILIO_URL") or _TWILIO_URL,
            fcm_credentials=Path(file) if (file := os.environ.get("PLAIT_FCM_CREDENTIALS")) else None,
            fcm_url=os.environ.get("PLAIT_FCM_URL") or _FCM_URL,
            payments_provider=os.environ.get("PLAIT_PAYMENTS_PROVIDER") or None,
            stripe_secret_key=os.environ.get("PLAIT_STRIPE_SECRET_KEY") or None,
            stripe_webhook_secret=os.environ.get("PLAIT_STRIPE_WEBHOOK_SECRET") or None,
            stripe_url=os.environ.get("PLAIT_STRIPE_URL") or _STRIPE_URL,
            queries_per_minute=_amount("PLAIT_QUERIES_PER_MINUTE", QUERIES.amount),
            endpoint_requests_per_hour=_amount("PLAIT_ENDPOINT_REQUESTS_PER_HOUR", None),
            anonymous_requests_per_minute=_amount("PLAIT_ANONYMOUS_REQUESTS_PER_MINUTE", ADDRESSES.amount),
            trusted_proxies=_amount("PLAIT_TRUSTED_PROXIES", 0, least=0),
            login_attempts_before_lockout=_amount("PLAIT_LOGIN_ATTEMPTS_BEFORE_LOCKOUT", _LOGIN_ATTEMPTS),
            oidc=_oidc(),
        )

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'platform.db'}"

    @property
    def jwks_file(self) -> Path:
        """Where the public keys of tokens are published (RFC 7517)."""
        return self.data_dir / "jwks.json"

    @property
    def database_file(self) -> Path | None:
        """Of a database that is a file; None of a server's."""
        url = make_url(self.database)
        return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def _database_url(given: str | None) -> str | None:
    """A URL that leads to some database. What is wrong with it is not quoted: there is a password in it."""
    if given is None:
        return None
    try:
        url = make_url(given)
        port = url.port
    except (ArgumentError, ValueError):
        raise _bad_database("is not the URL of a database") from None
    if url.get_backend_name() not in _DATABASES:
        raise _bad_database(f"is of a database called {url.get_backend_name()}")
    if url.get_backend_name() == "sqlite" and not url.database:
        raise _bad_database("names no file")
    if port is not None and not 0 < port <= _MOST_PORT:
        raise _bad_database(f"has {port} for a port")
    return given


def _bad_database(what: str) -> SettingsError:
    message = f"PLAIT_DATABASE_URL {what}: write {_DATABASE_URLS}"
    return SettingsError(message, code="BAD_DATABASE_URL")


def _oidc() -> Oidc | None:
    names = [f"PLAIT_OIDC_{part}" for part in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "REDIRECT_URI")]
    given = _all_or_none(names, of="the identity provider")
    return Oidc(*given) if given else None


def _twilio() -> Twilio | None:
    names = [f"PLAIT_TWILIO_{part}" for part in ("ACCOUNT_SID", "AUTH_TOKEN", "FROM")]
    given = _all_or_none(names, of="Twilio")
    return Twilio(*given) if given else None


def _all_or_none(names: Sequence[str], *, of: str) -> Sequence[str] | None:
    given = [os.environ.get(name, "") for name in names]
    missing = [name for name, value in zip(names, given, strict=True) if not value]
    if 0 < len(missing) < len(names):
        raise SettingsError(f"{missing[0]} is missing, beside the others of {of}")
    return None if missing else given


def _names(name: str) -> tuple[str, ...] | None:
    given = os.environ.get(name, "").split(",")
    return tuple(sorted({stripped for one in given if (stripped := one.strip())})) or None


def _days(name: str, otherwise: timedelta) -> timedelta:
    given = os.environ.get(name)
    if given is None:
        return otherwise
    if not given.isdecimal() or not 1 <= int(given) <= _MOST_DAYS:
        raise SettingsError(f"{name} is {given!r}, and should be a number of days from 1 to {_MOST_DAYS}")
    return timedelta(days=int(given))


def _amount(name: str, otherwise: A, *, least: int = 1) -> int | A:
    given = os.environ.get(name)
    if given is None:
        return otherwise
    if not given.isdecimal() or not least <= int(given) <= _MOST_AMOUNT:
        raise SettingsError(f"{name} is {given!r}, and should be a number from {least} to {_MOST_AMOUNT}")
    return int(given)
