"""What the headers of a request tell the pipeline."""

from collections.abc import Callable
from functools import partial

from msgspec import Struct

from plait_gateway.config import GatewayConfig
from plait_gateway.server.identification import ClaimHeaders
from plait_gateway.server.request_headers import RequestHeaders, forwarded_for

_EXPOSE_QUERY_PLAN = b"plait-expose-query-plan"


class ClientHeaders(Struct, frozen=True):
    """`forwarded` go on to subgraphs; `override_labels` are those that the client wants on."""

    forwarded: tuple[tuple[str, str], ...]
    expose_query_plan: bool
    override_labels: frozenset[str] | None  # where it may say so


class ClientHeadersReader:
    """Reads them as they are configured. `claims` are headers of ours, which clients cannot send."""

    def __init__(self, config: GatewayConfig, claims: ClaimHeaders) -> None:
        names = [name.lower() for name in config.headers.forward if not claims.has(name)]
        self._forward = [(name, name.encode("latin-1")) for name in names]
        self._tells_address = "x-forwarded-for" in names
        labels = config.override_labels.header
        self._labels = None if labels is None else labels.lower().encode("ascii")

    def reading(self, headers: RequestHeaders) -> Callable[[str | None], ClientHeaders]:
        """What reads these for the address of a client: once, where that makes no difference."""
        if self._tells_address:
            return partial(self.read, headers)
        sent = self.read(headers, None)

        def same(_peer: str | None) -> ClientHeaders:
            return sent

        return same

    def read(self, headers: RequestHeaders, peer: str | None) -> ClientHeaders:
        """What they tell, sent by the client at the address `peer`."""
        if self._tells_address:
            headers = forwarded_for(headers, peer)
        return ClientHeaders(
            tuple([(name, headers[key].decode("latin-1")) for name, key in self._forward if key in headers]),
            headers.get(_EXPOSE_QUERY_PLAN, b"").lower() == b"true",
            None if self._labels is None else _names(headers.get(self._labels)),
        )


def _names(listed: bytes | None) -> frozenset[str] | None:
    """A header's list of names (RFC 9110, section 5.6.1); an empty one is a list of none."""
    if listed is None:
        return None
    return frozenset(filter(None, (name.strip() for name in listed.decode("latin-1").split(","))))
