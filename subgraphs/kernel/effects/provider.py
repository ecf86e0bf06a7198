"""Who does what is to be done: the port to payment providers, mail services and the like."""

from typing import Protocol, TypeVar

from subgraphs.kernel.effects.outcome import Outcome

M = TypeVar("M", contravariant=True)
R = TypeVar("R", covariant=True)


class Provider(Protocol[M, R]):
    """Does one kind of thing. Those with one `name` stand behind one circuit breaker.

    Both methods raise NotDoneError, OutcomeUnknownError or RequestRejectedError; they may be cancelled when
    they take too long, which counts as an unknown outcome. Anything else that they raise is a bug.
    """

    @property
    def name(self) -> str: ...

    async def call(self, key: str, request: M) -> Outcome[R]:
        """Do it, or say again what came of it when it was done under this key before (Idempotency-Key)."""
        ...

    async def find(self, key: str, request: M) -> Outcome[R] | None:
        """What was done under this key, for this. None when nothing was, or when the provider cannot say."""
        ...
