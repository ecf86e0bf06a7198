"""GraphiQL for the gateway's users: one page and its files, which ask nothing of any other host.

`page` renders the page for one endpoint, `asset` hands out the files that it loads, and
CONTENT_SECURITY_POLICY is the header which the page must be served with. The files are built from
`gateway/graphiql` by `scripts/build-graphiql` and kept here compressed, so that nobody needs Node.
"""

from plait_gateway.graphiql.assets import Asset, asset
from plait_gateway.graphiql.page import CONTENT_SECURITY_POLICY, GraphiQLSettings, SignIn, page

__all__ = ["CONTENT_SECURITY_POLICY", "Asset", "GraphiQLSettings", "SignIn", "asset", "page"]
