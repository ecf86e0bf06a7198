"""What the server needs to know of authentication."""

from typing import Protocol

from plait_gateway.authorization import Identity


class TokenRefused(Exception):  # noqa: N818 - it names what became of the token
    """The token is not one that counts here, or no longer. The message says why, and nothing of the token."""


class KeysUnavailable(Exception):  # noqa: N818 - it names a state of the source of keys
    """No keys have ever come. The message says why, in one line."""


class Identifies(Protocol):
    """Says who sends a request."""

    def known(self, authorization: bytes | None) -> Identity | None:
        """Who sends this `authorization` header, if nothing has to be verified for it."""

    async def identify(self, authorization: bytes | None) -> Identity:
        """Who sends this `authorization` header. Raises TokenRefused and KeysUnavailable."""
