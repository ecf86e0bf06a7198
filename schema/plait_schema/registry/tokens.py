"""Access tokens: secrets that are shown once, and what they allow.

A secret has 256 random bits, so that its plain SHA-256 is as good a keeper of it as a slow hash would be.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final

from plait_schema.registry.errors import INVALID_REQUEST
from plait_schema.registry.model import VariantId

_PREFIX: Final = "plait_"  # lets secret scanners find what was committed by mistake


class Permission(StrEnum):
    """What a token may do: each includes READ but REPORT, PUBLISH and APPROVE include CHECK, ADMIN is all."""

    READ = "read"
    CHECK = "check"
    REPORT = "report"
    PUBLISH = "publish"
    APPROVE = "approve"
    ADMIN = "admin"


_INCLUDED: Final = {
    Permission.CHECK: frozenset({Permission.READ}),
    Permission.PUBLISH: frozenset({Permission.READ, Permission.CHECK}),
    Permission.APPROVE: frozenset({Permission.READ, Permission.CHECK}),
    Permission.ADMIN: frozenset(Permission),
}


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """A permission on the variants that a pattern matches, written `publish:shop@*`, or `admin` for all."""

    permission: Permission
    pattern: str = "*@*"

    def __str__(self) -> str:
        return f"{self.permission}:{self.pattern}"

    @classmethod
    def parse(cls, text: str) -> "Scope":
        """Raises RegistryError (INVALID_REQUEST)."""
        name, _, pattern = text.partition(":")
        try:
            permission = Permission(name)
        except ValueError:
            known = ", ".join(Permission)
            raise INVALID_REQUEST.because(f"{name[:80]!r} is no permission; there are {known}.") from None
        pattern = pattern or "*@*"
        return cls(permission, pattern if "@" in pattern else f"{pattern}@*")

    def allows(self, permission: Permission, target: VariantId | None) -> bool:
        """Whether it allows this on the variant, or on the registry as a whole (None)."""
        if permission is not self.permission and permission not in _INCLUDED.get(self.permission, ()):
            return False
        return self.pattern == "*@*" if target is None else fnmatchcase(str(target), self.pattern)


@dataclass(frozen=True, slots=True)
class Token:
    """All of a token but its secret."""

    id: int
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    def allows(self, permission: Permission, target: VariantId | None) -> bool:
        return any(scope.allows(permission, target) for scope in self.scopes)

    def is_valid(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def new_secret() -> str:
    return _PREFIX + secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
