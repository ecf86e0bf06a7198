"""Who asks: bearer tokens (RFC 6750) that are JWTs (RFC 7519), verified with the keys of a JWKS (RFC 7517).

`authenticator` and `key_source` load a library of signatures, which a gateway without tokens does not need.
"""

from plait_gateway.authentication.identifies import Identifies, KeysUnavailable, TokenRefused

__all__ = ["Identifies", "KeysUnavailable", "TokenRefused"]
