"""The page's HTML: what it loads, what it tells its script, and what it lets nobody slip in."""

import json
import re
from html import unescape
from typing import Any

import pytest

from plait_gateway.graphiql import CONTENT_SECURITY_POLICY, GraphiQLSettings, SignIn, asset, page

_HOSTILE = "</script><script>alert(1)</script><!-- & \" ' \u2028"


def _html(settings: GraphiQLSettings) -> str:
    return page(settings).decode("utf-8")


def _config(html: str) -> Any:
    found = re.search(r'<script id="plait-config" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def _references(html: str) -> list[str]:
    return re.findall(r'(?:src|href)="([^"]*)"', html)


def test_settings_reach_the_script() -> None:
    settings = GraphiQLSettings(
        endpoint="/api/graphql",
        title="Shop",
        default_query="{ products { name } }",
        headers={"x-tenant": "north"},
        notices_url="/api/graphql/notices",
        query_plan=False,
        examples=("{ shelves { name } }",),
        sign_in=SignIn("mutation { login { accessToken } }", {"somebody": {"password": "open"}}),
    )
    assert _config(_html(settings)) == {
        "endpoint": "/api/graphql",
        "title": "Shop",
        "defaultQuery": "{ products { name } }",
        "headers": {"x-tenant": "north"},
        "noticesUrl": "/api/graphql/notices",
        "queryPlan": False,
        "examples": ["{ shelves { name } }"],
        "signIn": {
            "operation": "mutation { login { accessToken } }",
            "variables": {"somebody": {"password": "open"}},
        },
    }


def test_files_are_expected_below_the_endpoint_and_exist() -> None:
    references = _references(_html(GraphiQLSettings(endpoint="/api/graphql")))
    assert len(references) >= 3  # icon, style, script
    for reference in references:
        assert asset(reference.removeprefix("/api/graphql/assets/")) is not None, reference


def test_nothing_of_another_origin_is_named() -> None:
    html = _html(GraphiQLSettings(default_query="{ a }", notices_url="/graphql/notices"))
    assert not re.search(r"//|url\(|@import", html)
    assert all(reference.startswith("/graphql/assets/") for reference in _references(html))


def test_the_only_inline_script_is_data() -> None:
    """The policy runs no inline script; there is none that would not run."""
    scripts = re.findall(r"<script\b([^>]*)>", _html(GraphiQLSettings()))
    assert all(" src=" in script or 'type="application/json"' in script for script in scripts)
    assert " on" not in re.sub(r">[^<]*<", "><", _html(GraphiQLSettings()))


@pytest.mark.parametrize("setting", ["title", "default_query", "notices_url", "endpoint"])
def test_a_hostile_setting_stays_text(setting: str) -> None:
    plain, html = _html(GraphiQLSettings()), _html(GraphiQLSettings(**{setting: _HOSTILE}))  # type: ignore[arg-type]  # all of them are strings
    assert html.count("<script") == plain.count("<script")
    assert "<!--" not in html
    assert _HOSTILE in _config(html).values()


def test_a_hostile_header_stays_text() -> None:
    html = _html(GraphiQLSettings(headers={_HOSTILE: _HOSTILE}))
    assert html.count("<script") == _html(GraphiQLSettings()).count("<script")
    assert _config(html)["headers"] == {_HOSTILE: _HOSTILE}


def test_the_title_is_shown_as_written() -> None:
    html = _html(GraphiQLSettings(title="Fish & <Chips>"))
    found = re.search(r"<title>(.*?)</title>", html)
    assert found is not None
    assert unescape(found[1]) == "Fish & <Chips>"
    assert "<Chips>" not in html


def test_the_policy_allows_this_origin_only() -> None:
    policy = dict(directive.split(" ", 1) for directive in CONTENT_SECURITY_POLICY.split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["worker-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    sources = {source for value in policy.values() for source in value.split()}
    assert sources == {"'none'", "'self'", "'unsafe-inline'", "data:"}
    assert "'unsafe-inline'" not in policy["script-src"]
