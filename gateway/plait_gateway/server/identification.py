"""Who sends a request, and what subgraphs are told of them."""

from collections.abc import Mapping
from urllib.parse import quote

from plait_gateway.authentication import Identifies, KeysUnavailable, TokenRefused
from plait_gateway.authorization import Identity
from plait_gateway.errors import KEYS_UNAVAILABLE, UNAUTHENTICATED
from plait_gateway.server.problem import HttpProblem
from plait_gateway.server.request_headers import RequestHeaders

_INVALID_TOKEN = ((b"www-authenticate", b'Bearer error="invalid_token"'),)  # RFC 6750, section 3


async def identify(authenticator: Identifies, headers: RequestHeaders) -> Identity:
    """Who sends these headers. Raises HttpProblem for a token that does not count."""
    try:
        return await authenticator.identify(headers.get(b"authorization"))
    except TokenRefused as refusal:
        raise HttpProblem(401, UNAUTHENTICATED.at(None, str(refusal)), _INVALID_TOKEN) from None
    except KeysUnavailable as problem:
        raise HttpProblem(503, KEYS_UNAVAILABLE.at(None, str(problem)), ((b"retry-after", b"10"),)) from None


class ClaimHeaders:
    """The headers in which subgraphs get claims of the token; clients cannot send them.

    `claims` has the claim for each header.
    """

    def __init__(self, claims: Mapping[str, str]) -> None:
        self._claims = {name.lower(): claim for name, claim in claims.items()}

    def has(self, name: str) -> bool:
        """Whether a header is one of these."""
        return name.lower() in self._claims

    def of(self, identity: Identity) -> tuple[tuple[str, str], ...]:
        """The headers for a client; what its token does not say is left out."""
        if not self._claims or identity.claims is None:
            return ()
        said = ((name, identity.claims.get(claim)) for name, claim in self._claims.items())
        return tuple((name, _text(value)) for name, value in said if value is not None)


def _text(value: object) -> str:
    """A claim as a header's value: lists with spaces between; what headers cannot hold is percent-encoded."""
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if text.isascii() and text.isprintable() else quote(text)
