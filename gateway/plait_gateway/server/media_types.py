"""Which media type to answer with (RFC 9110, section 12.5.1)."""

from enum import Enum
from functools import lru_cache

_REMEMBERED = 64  # header values; clients send a handful of different ones


class MediaType(Enum):
    """The two media types of GraphQL over HTTP.

    They differ in the status of a refused request: the older one says 200, since a status other than 200
    may come from anything between client and server; the newer one can only come from here.
    """

    GRAPHQL_RESPONSE = "application/graphql-response+json"
    JSON = "application/json"

    def __init__(self, name: str) -> None:
        self.content_type = f"{name}; charset=utf-8"


@lru_cache(_REMEMBERED)
def negotiate(accept: str | None) -> MediaType | None:
    """The type that the client prefers, None when it accepts neither.

    JSON where the client does not care: that is what a client which knows no other type expects.
    """
    if accept is None or not accept.strip():
        return MediaType.JSON
    json, graphql = quality(accept, MediaType.JSON.value), quality(accept, MediaType.GRAPHQL_RESPONSE.value)
    if json == graphql == 0:
        return None
    if graphql == json:  # equally welcome: the newer one only if it is asked for by name
        named = MediaType.GRAPHQL_RESPONSE.value in accept.lower()
        return MediaType.GRAPHQL_RESPONSE if named else MediaType.JSON
    return MediaType.GRAPHQL_RESPONSE if graphql > json else MediaType.JSON


def prefers_html(accept: str | None) -> bool:
    """Whether the client is a browser that opens a page."""
    if accept is None:
        return False
    html = quality(accept, "text/html")
    return html > 0 and html > max(quality(accept, kind.value) for kind in MediaType)


def quality(accept: str, media_type: str) -> float:
    """How welcome a media type is: 0 (not at all) to 1, by the most specific range that matches."""
    kind = media_type.partition("/")[0]
    specificity = {media_type: 2, f"{kind}/*": 1, "*/*": 0}
    best = (-1, 0.0)
    for part in accept.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if name in specificity:
            best = max(best, (specificity[name], _q(parameters)))
    return best[1]


def _q(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


@lru_cache(_REMEMBERED)
def is_json_in_utf8(content_type: str | None) -> bool:
    """Whether a request body of this type is JSON that we can read."""
    name, *parameters = (piece.strip() for piece in (content_type or "").lower().split(";"))
    if name != MediaType.JSON.value:
        return False
    charsets = [
        value.strip('"') for key, _, value in (p.partition("=") for p in parameters) if key == "charset"
    ]
    return all(charset in ("utf-8", "utf8", "us-ascii") for charset in charsets)
