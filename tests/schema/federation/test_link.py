"""Urls and versions of specifications."""

from itertools import pairwise

import pytest

from plait_schema.federation.link import FeatureUrl, parse_feature_url
from plait_schema.federation.specifications import FEDERATION, elements_of, known_specifications
from plait_schema.federation.versions import FEDERATION_2, LATEST, parse_version, print_version


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("v2.0", (2, 0)),
        ("v2.12", (2, 12)),
        ("v0.1", (0, 1)),
        ("2.0", None),
        ("v2", None),
        ("v2.3.1", None),
        ("v2.03", None),
        ("v-1.0", None),
        ("v².0", None),
        ("", None),
    ],
)
def test_version(text: str, version: tuple[int, int] | None) -> None:
    assert parse_version(text) == version
    if version:
        assert print_version(version) == text


@pytest.mark.parametrize(
    ("text", "identity", "name"),
    [
        ("https://specs.apollo.dev/federation/v2.3", "https://specs.apollo.dev/federation", "federation"),
        ("https://edtech.example:8080/a/b/owner/v1.0", "https://edtech.example:8080/a/b/owner", "owner"),
        ("https://user:secret@edtech.example/owner/v1.0?x#y", "https://edtech.example/owner", "owner"),
    ],
)
def test_url(text: str, identity: str, name: str) -> None:
    url = parse_feature_url(text)
    assert isinstance(url, FeatureUrl)
    assert (url.identity, url.name) == (identity, name)


@pytest.mark.parametrize(
    "text", ["", "federation/v2.3", "https://", "https://a.example:port/x/v1.0", "https://[/x/v1.0", "\0"]
)
def test_no_url(text: str) -> None:
    assert isinstance(parse_feature_url(text), str)


def test_a_directive_stays_once_it_has_appeared() -> None:
    for earlier, later in pairwise(FEDERATION_2):
        before, after = elements_of(FEDERATION, earlier), elements_of(FEDERATION, later)
        assert before
        assert after
        assert set(before.import_names()) <= set(after.import_names())
    assert LATEST == (2, 12)


@pytest.mark.parametrize(
    ("directive", "since"),
    [
        ("key", (2, 0)),
        ("composeDirective", (2, 1)),
        ("interfaceObject", (2, 3)),
        ("authenticated", (2, 5)),
        ("requiresScopes", (2, 5)),
        ("policy", (2, 6)),
        ("context", (2, 8)),
        ("fromContext", (2, 8)),
        ("cost", (2, 9)),
        ("listSize", (2, 9)),
        ("cacheTag", (2, 12)),
    ],
)
def test_when_a_directive_appeared(directive: str, since: tuple[int, int]) -> None:
    versions = known_specifications()[FEDERATION].versions
    assert min(version for version, elements in versions.items() if directive in elements.directives) == since


def test_directives_that_changed() -> None:
    versions = known_specifications()[FEDERATION].versions
    assert [
        version for version, elements in versions.items() if not elements.directives["shareable"].repeatable
    ] == [
        (2, 0),
        (2, 1),
    ]
    assert min(v for v, e in versions.items() if len(e.directives["override"].arguments or ()) == 2) == (2, 7)
    assert min(
        v for v, e in versions.items() if "SCHEMA" in {place.value for place in e.directives["tag"].locations}
    ) == (2, 3)
