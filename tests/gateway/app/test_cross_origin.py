"""Pages of other origins in a browser: what they may do, and what a browser sends for them unasked."""

from collections.abc import Mapping

import pytest

from plait_gateway.config import CorsConfig, GatewayConfig
from tests.gateway.app.conftest import Gateway

APP = "https://app.example"
ALLOWED = GatewayConfig(cors=CorsConfig(origins=(APP,), credentials=True, expose_headers=("x-trace",)))
EVERYBODY = GatewayConfig(cors=CorsConfig(origins=("*",)))
PREFLIGHT = {
    "origin": APP,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type",
}


def cors_of(headers: Mapping[str, str]) -> dict[str, str]:
    prefix = "access-control-"
    return {name.removeprefix(prefix): value for name, value in headers.items() if name.startswith(prefix)}


@pytest.mark.parametrize(
    ("site", "mode", "origin", "content_type", "status"),
    [
        ("cross-site", "no-cors", None, None, 403),  # an image, a script
        ("cross-site", "navigate", None, None, 403),  # a link, a form
        ("same-site", "no-cors", None, None, 403),
        ("cross-site", "no-cors", APP, None, 403),
        ("cross-site", "cors", APP, None, 200),  # a script of an origin that is allowed
        ("cross-site", "cors", "https://evil.example", None, 403),
        ("cross-site", "cors", "null", None, 403),
        ("cross-site", "cors", "https://evil.example", "application/json", 200),  # the browser asked somebody
        ("cross-site", "cors", "https://evil.example", "text/plain", 403),
        ("same-origin", "no-cors", None, None, 200),
        ("none", "navigate", None, None, 200),  # typed into the address bar
        (None, None, None, None, 200),  # no browser
    ],
)
async def test_what_a_browser_sends_unasked_for_another_site_is_refused(
    gateway: Gateway,
    site: str | None,
    mode: str | None,
    origin: str | None,
    content_type: str | None,
    status: int,
) -> None:
    given = {"sec-fetch-site": site, "sec-fetch-mode": mode, "origin": origin, "content-type": content_type}
    headers = {"accept": "*/*"} | {name: value for name, value in given.items() if value is not None}
    answer = await gateway(ALLOWED).request("GET", "/graphql", query="query={whoAmI}", headers=headers)
    assert answer.status == status
    if status == 403:
        assert answer.codes == ["CSRF_PREVENTED"]
        assert cors_of(answer.headers) == {}


async def test_a_preflight_of_an_origin_that_is_allowed(gateway: Gateway) -> None:
    answer = await gateway(ALLOWED).request("OPTIONS", "/graphql", headers=PREFLIGHT)
    assert (answer.status, answer.body) == (204, b"")
    assert cors_of(answer.headers) == {
        "allow-origin": APP,
        "allow-credentials": "true",
        "allow-methods": "GET, POST",
        "allow-headers": "authorization,content-type",
        "max-age": "600",
    }


@pytest.mark.parametrize("config", [GatewayConfig(), ALLOWED])
async def test_a_preflight_of_another_origin_allows_nothing(gateway: Gateway, config: GatewayConfig) -> None:
    headers = PREFLIGHT | {"origin": "https://evil.example"}
    answer = await gateway(config).request("OPTIONS", "/graphql", headers=headers)
    assert (answer.status, cors_of(answer.headers)) == (204, {})
    assert answer.headers["vary"] == "origin"


async def test_headers_that_are_listed_are_all_that_may_be_sent(gateway: Gateway) -> None:
    config = GatewayConfig(cors=CorsConfig(origins=(APP,), headers=("content-type",)))
    answer = await gateway(config).request("OPTIONS", "/graphql", headers=PREFLIGHT)
    assert answer.headers["access-control-allow-headers"] == "content-type"


@pytest.mark.parametrize(
    ("config", "origin", "expected"),
    [
        (ALLOWED, APP, {"allow-origin": APP, "allow-credentials": "true", "expose-headers": "x-trace"}),
        (ALLOWED, "https://evil.example", {}),
        (ALLOWED, None, {}),
        (EVERYBODY, "https://anybody.example", {"allow-origin": "*"}),
        (GatewayConfig(), APP, {}),
    ],
)
async def test_every_answer_says_which_page_may_read_it(
    gateway: Gateway, config: GatewayConfig, origin: str | None, expected: Mapping[str, str]
) -> None:
    client = gateway(config)
    headers = {} if origin is None else {"origin": origin}
    assert cors_of((await client.graphql("{ whoAmI }", headers=headers)).headers) == expected
    assert cors_of((await client.graphql("{", headers=headers)).headers) == expected
    refused = await client.request("POST", "/graphql", body=b"[]", headers=headers)
    assert (refused.status, cors_of(refused.headers)) == (415, expected)


async def test_options_without_a_question_are_not_served(gateway: Gateway) -> None:
    answer = await gateway(ALLOWED).request("OPTIONS", "/graphql", headers={"origin": APP})
    assert (answer.status, answer.codes) == (405, ["METHOD_NOT_ALLOWED"])
