"""On whose behalf something is done."""

from dataclasses import dataclass
from typing import Final

from subgraphs.kernel.domain import DomainError, IdGenerator

UNAUTHENTICATED: Final = DomainError("UNAUTHENTICATED", "Log in first")
FORBIDDEN: Final = DomainError("FORBIDDEN", "You may not do this")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a user known by a verified token of a session, or a part of the system itself."""

    id: str
    role: str
    scopes: frozenset[str] = frozenset()
    session_id: str | None = None


SYSTEM: Final = Actor("system", "system")
"""The platform itself: handlers of events, seed data, jobs. No token can claim its role."""


@dataclass(frozen=True, slots=True)
class RequestContext:
    """Who asks (nobody, when anonymous), and the chain of causes that it belongs to.

    The correlation id is the same from the first request to the last handler it leads to; the causation id
    is that of the message which led here directly. `traceparent` is W3C Trace Context's. Who asks again
    under the same idempotency key gets the answer of the first time. `address` is where the request comes
    from, if that is known, and `user_agent` what the program calls itself that asks. Up to the `deadline`, by
    the monotonic clock, a database that is away is waited for; without one it is not.
    """

    actor: Actor | None
    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None
    idempotency_key: str | None = None
    address: str | None = None
    user_agent: str | None = None
    deadline: float | None = None

    @classmethod
    def of_system(cls, ids: IdGenerator) -> "RequestContext":
        """The platform acting on its own account."""
        return cls(SYSTEM, str(ids.new()))

    @property
    def actor_id(self) -> str | None:
        return self.actor.id if self.actor else None
