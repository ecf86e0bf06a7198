"""Who asks, as far as access depends on it."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct, field


class Identity(Struct, frozen=True):
    """A client: what its token says, or nobody. `scopes` are those of the token."""

    claims: Mapping[str, Any] | None = None
    scopes: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_authenticated(self) -> bool:
        return self.claims is not None


ANONYMOUS: Final = Identity()
