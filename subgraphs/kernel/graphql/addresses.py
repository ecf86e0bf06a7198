"""Where a request comes from."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any


def client_address(scope: Mapping[str, Any], *, trusted_proxies: int) -> str | None:
    """The address of the client, as the last but `trusted_proxies` in X-Forwarded-For; of the peer without.

    What is further to the left anybody may have written. None when it is not known: in the same process, say.
    """
    forwarded = [
        address.strip()
        for name, value in scope["headers"]
        if name == b"x-forwarded-for"
        for address in value.decode("latin-1").split(",")
    ]
    if trusted_proxies:
        given = forwarded[-trusted_proxies] if len(forwarded) >= trusted_proxies else None
    else:
        given = scope["client"][0] if scope.get("client") else None
    try:
        return str(ip_address(given)) if given else None
    except ValueError:
        return None
