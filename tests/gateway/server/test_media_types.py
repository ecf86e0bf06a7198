import pytest

from plait_gateway.server.media_types import MediaType, is_json_in_utf8, negotiate, prefers_html

CHROMIUM = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, MediaType.JSON),
        ("", MediaType.JSON),
        ("*/*", MediaType.JSON),
        ("application/*", MediaType.JSON),
        ("application/json", MediaType.JSON),
        ("application/graphql-response+json", MediaType.GRAPHQL_RESPONSE),
        ("Application/GraphQL-Response+JSON; charset=utf-8", MediaType.GRAPHQL_RESPONSE),
        ("application/graphql-response+json, application/json", MediaType.GRAPHQL_RESPONSE),
        ("application/json, application/graphql-response+json;q=0.9", MediaType.JSON),
        ("application/graphql-response+json, */*;q=0.5", MediaType.GRAPHQL_RESPONSE),
        ("*/*, application/json;q=0", MediaType.GRAPHQL_RESPONSE),
        ("application/json;q=0", None),
        ("application/json;q=nonsense", None),
        ("text/html", None),
        (CHROMIUM, MediaType.JSON),
    ],
)
def test_the_media_type_that_the_client_prefers(accept: str | None, expected: MediaType | None) -> None:
    assert negotiate(accept) == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [(None, False), ("*/*", False), ("application/json", False), (CHROMIUM, True), ("text/html", True)],
)
def test_a_browser_that_opens_a_page_prefers_html(accept: str | None, *, expected: bool) -> None:
    assert prefers_html(accept) is expected


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("application/json", True),
        ("application/json; charset=utf-8", True),
        ('application/json; charset="UTF-8"', True),
        ("application/json; charset=latin-1", False),
        ("text/plain", False),
        ("application/x-www-form-urlencoded", False),
        ("multipart/form-data; boundary=x", False),
        ("application/graphql", False),
        (None, False),
    ],
)
def test_only_json_in_utf8_is_read(content_type: str | None, *, expected: bool) -> None:
    assert is_json_in_utf8(content_type) is expected
