"""By which names a server may be called: what the Host header of a request says (RFC 9110, 7.2).

A page can have its own name lead to this machine once it is loaded (DNS rebinding): to the browser what is
answered is the page's own, and it may read all of it. The name gives it away. Addresses cannot be made to
lead elsewhere, nor can `localhost` and what is below it (RFC 6761, 6.3): these are always allowed.
"""

from ipaddress import ip_address

from plait_gateway.asgi import ASGIApp, Receive, Scope, SendMessage
from plait_gateway.config import EVERY_HOST
from plait_gateway.errors import HOST_NOT_ALLOWED
from plait_gateway.server.exchange import HttpResponse, respond
from plait_gateway.server.problem import HttpProblem
from plait_gateway.server.request_headers import RequestHeaders, by_name, text

_LONGEST_NAME = 253


class AllowedHosts:
    """These names, and whatever leads nowhere else; `.example.org` is all that is below example.org."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._every = EVERY_HOST in names
        self._names = frozenset(name.lower() for name in names)

    def allows(self, headers: RequestHeaders) -> bool:
        """Whether a request is for such a name. Browsers say for which; who says none is no browser."""
        said = text(headers.get(b"host"))
        return self._every or said is None or self._is_allowed(_name(said))

    def refusal(self, headers: RequestHeaders) -> HttpResponse:
        """What is answered to others."""
        name = _name(text(headers.get(b"host")) or "")[:_LONGEST_NAME]
        message = (
            f"Nothing is served under the name {name!r}; allowed_hosts under `gateway` in plait.yaml says "
            "which names there are (plait dev: or --allowed-host)."
        )
        return HttpProblem(403, HOST_NOT_ALLOWED.at(None, message)).response()

    def guarding(self, app: ASGIApp) -> ASGIApp:
        """The app, for requests under these names."""

        async def guarded(scope: Scope, receive: Receive, send: SendMessage) -> None:
            if scope["type"] == "http" and not self.allows(headers := by_name(scope["headers"])):
                await respond(self.refusal(headers), scope, send)
            else:
                await app(scope, receive, send)

        return guarded

    def _is_allowed(self, name: str) -> bool:
        above = {name[place:] for place, character in enumerate(name) if character == "."}
        is_local = name == "localhost" or name.endswith(".localhost")
        return is_local or _is_address(name) or name in self._names or not self._names.isdisjoint(above)


def _name(host: str) -> str:
    """Without the port, in lower case; an IPv6 address without its brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].removesuffix(".").lower()


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
