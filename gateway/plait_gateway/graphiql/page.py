"""The page itself: a shell of HTML with its settings, which the script fills."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from plait_gateway.graphiql.assets import manifest

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # Monaco writes its themes and positions into style elements
        "font-src 'self' data:",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """How to be somebody: the first field of the operation's answer has an `accessToken`.

    `variables` are by the names that one chooses from. Everybody who sees the page can read them.
    """

    operation: str
    variables: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class GraphiQLSettings:
    """What one gateway's page knows.

    `endpoint` is where operations are posted, as browsers see it (a proxy's prefix included); the files
    are expected below it, under `assets/`. `headers` stand in the header editor at first. `notices_url`
    answers what the page shows as a banner: `{"supergraph": hash or null, "notices": [diagnostic, ...]}`;
    without it nothing is polled. `query_plan` adds the panel which asks for plans and draws them. `examples`
    stand in tabs beside the default query. With `sign_in` one can ask as somebody else than a visitor.
    """

    endpoint: str = "/graphql"
    title: str = "plait"
    default_query: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    notices_url: str | None = None
    query_plan: bool = True
    examples: Sequence[str] = ()
    sign_in: SignIn | None = None


def page(settings: GraphiQLSettings) -> bytes:
    """The page as HTML in UTF-8, to be served with CONTENT_SECURITY_POLICY."""
    built = manifest()
    assets = f"{settings.endpoint.rstrip('/')}/assets"
    links = [
        f'<link rel="icon" type="image/svg+xml" href="{escape(f"{assets}/{built.icon}")}">',
        *(f'<link rel="stylesheet" href="{escape(f"{assets}/{style}")}">' for style in built.styles),
        f'<script type="module" src="{escape(f"{assets}/{built.script}")}"></script>',
    ]
    lines = (
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(settings.title)}</title>",
        *links,
        "</head>",
        "<body>",
        '<div id="root"><p class="plait-loading">Loading GraphiQL ...</p></div>',
        f"<noscript>GraphiQL needs JavaScript. Post operations to {escape(settings.endpoint)}.</noscript>",
        f'<script id="plait-config" type="application/json">{_config(settings)}</script>',
        "</body>",
        "</html>",
    )
    return "\n".join(lines).encode()


def _sign_in(sign_in: SignIn | None) -> Mapping[str, object] | None:
    if sign_in is None:
        return None
    variables = {name: dict(values) for name, values in sign_in.variables.items()}
    return {"operation": sign_in.operation, "variables": variables}


def _config(settings: GraphiQLSettings) -> str:
    config = {
        "endpoint": settings.endpoint,
        "title": settings.title,
        "defaultQuery": settings.default_query,
        "headers": dict(settings.headers),
        "noticesUrl": settings.notices_url,
        "queryPlan": settings.query_plan,
        "examples": list(settings.examples),
        "signIn": _sign_in(settings.sign_in),
    }
    return json.dumps(config).replace("<", "\\u003c")  # or a value could close the script element
