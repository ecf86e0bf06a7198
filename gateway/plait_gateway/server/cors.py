"""Pages of other origins: what browsers let them do (Fetch standard, CORS), and what is refused to them."""

from plait_gateway.asgi import Scope
from plait_gateway.config import EVERY_ORIGIN, CorsConfig
from plait_gateway.errors import CSRF_PREVENTED
from plait_gateway.server.exchange import HttpResponse
from plait_gateway.server.problem import HttpProblem
from plait_gateway.server.request_headers import RequestHeaders, text

_Headers = tuple[tuple[bytes, bytes], ...]

_VARY = (b"vary", b"origin")
_METHODS = b"GET, POST"


class Cors:
    """Applies the configuration to exchanges at the GraphQL endpoint."""

    def __init__(self, config: CorsConfig) -> None:
        self._config = config
        exposed = ", ".join(config.expose_headers).encode("latin-1")
        self._exposed: _Headers = ((b"access-control-expose-headers", exposed),) if exposed else ()

    def preflight(self, scope: Scope, headers: RequestHeaders) -> HttpResponse | None:
        """The answer to a browser that asks before it sends; None where it does not."""
        asked = text(headers.get(b"access-control-request-method"))
        if scope["method"] != "OPTIONS" or asked is None:
            return None
        allowed = self._allowed(headers)
        if not allowed:
            return HttpResponse(204, "text/plain", b"", (_VARY,))  # a browser reads no as the answer
        wanted = text(headers.get(b"access-control-request-headers")) or ""
        may_be_sent = ", ".join(self._config.headers) or wanted
        return HttpResponse(
            204,
            "text/plain",
            b"",
            (
                *allowed,
                (b"access-control-allow-methods", _METHODS),
                (b"access-control-allow-headers", may_be_sent.encode("latin-1")),
                (b"access-control-max-age", str(self._config.max_age_seconds).encode()),
                (b"vary", b"access-control-request-headers"),
            ),
        )

    def headers(self, headers: RequestHeaders) -> _Headers:
        """What an answer tells the browser; nothing where no origin is allowed."""
        if not self._config.origins:
            return ()
        allowed = self._allowed(headers)
        return (*allowed, *self._exposed) if allowed else (_VARY,)

    def refuse_cross_site(self, headers: RequestHeaders) -> None:
        """Raise HttpProblem for a request that a page of another site sent without having to ask first."""
        if self.is_cross_site(headers):
            message = "Pages of other sites cannot run operations unless their origin is allowed."
            raise HttpProblem(403, CSRF_PREVENTED.at(None, message))

    def is_cross_site(self, headers: RequestHeaders) -> bool:
        """Whether a page of another site sent a request without having to ask first.

        An image, a link, a form or a script can make the browser send a GET with the user's cookies. What the
        gateway serves to GET changes nothing, yet the time it takes may tell something. Browsers say where
        such a request comes from; what no form and no simple request has shows that the browser did ask.
        """
        site, mode = text(headers.get(b"sec-fetch-site")), text(headers.get(b"sec-fetch-mode"))
        if site not in ("cross-site", "same-site"):
            return False
        origin = text(headers.get(b"origin"))
        is_allowed = origin is not None and self._config.allows(origin)
        return mode != "cors" or not (_was_preflighted(headers) or is_allowed)

    def _allowed(self, headers: RequestHeaders) -> _Headers:
        origin = text(headers.get(b"origin"))
        if origin is None or not self._config.allows(origin):
            return ()
        if EVERY_ORIGIN in self._config.origins:
            return ((b"access-control-allow-origin", b"*"),)
        credentials = ((b"access-control-allow-credentials", b"true"),) if self._config.credentials else ()
        return ((b"access-control-allow-origin", origin.encode("latin-1")), *credentials, _VARY)


def _was_preflighted(headers: RequestHeaders) -> bool:
    """Whether the content type is one for which browsers have to ask first (Fetch standard, 2.2.2)."""
    content_type = text(headers.get(b"content-type")) or ""
    return content_type.partition(";")[0].strip().lower() == "application/json"
