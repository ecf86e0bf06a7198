"""Logging in by somebody else's account.

provider  the port: what an identity provider vouches for
oidc      the adapter: OpenID Connect, authorization code with PKCE
"""
