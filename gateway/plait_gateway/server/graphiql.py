"""GraphiQL for browsers: the page and its static files."""

import gzip

from plait_gateway.asgi import Scope
from plait_gateway.errors import NOT_FOUND
from plait_gateway.graphiql import CONTENT_SECURITY_POLICY, GraphiQLSettings, asset, page
from plait_gateway.server.exchange import HttpResponse
from plait_gateway.server.media_types import quality
from plait_gateway.server.problem import HttpProblem
from plait_gateway.server.request_headers import by_name, text

_PAGE_HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"referrer-policy", b"same-origin"),
    (b"cache-control", b"no-cache"),
    (b"vary", b"accept"),
)
_IMMUTABLE = (b"cache-control", b"public, max-age=31536000, immutable")  # names hold a hash of the contents


def graphiql_page(settings: GraphiQLSettings) -> HttpResponse:
    """The page, which may load nothing from elsewhere."""
    return HttpResponse(200, "text/html; charset=utf-8", page(settings), _PAGE_HEADERS)


def graphiql_asset(name: str, scope: Scope) -> HttpResponse:
    """A static file, gzipped as it is stored if the client accepts that; HttpProblem when there is none."""
    found = asset(name)
    if found is None:
        raise HttpProblem(404, NOT_FOUND.at(None, f"There is no asset {name!r}."))
    asked = by_name(scope["headers"])
    headers = ((b"etag", found.etag.encode()), (b"vary", b"accept-encoding"), _IMMUTABLE)
    if text(asked.get(b"if-none-match")) == found.etag:
        return HttpResponse(304, found.content_type, b"", headers)
    if accepts_gzip(text(asked.get(b"accept-encoding"))):
        encoded = (*headers, (b"content-encoding", b"gzip"))
        return HttpResponse(200, found.content_type, found.gzipped, encoded)
    return HttpResponse(200, found.content_type, gzip.decompress(found.gzipped), headers)


def accepts_gzip(accept_encoding: str | None) -> bool:
    """Whether the client reads gzip (RFC 9110, section 12.5.3)."""
    return accept_encoding is not None and quality(accept_encoding.replace("*", "*/*"), "gzip") > 0
