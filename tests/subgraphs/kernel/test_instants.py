"""Instants as clients write them."""

from datetime import UTC, datetime

import pytest
from strawberry.exceptions import StrawberryInputCoercionError

from subgraphs.kernel.graphql.instants import parse_instant

SIX = datetime(2026, 11, 29, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-29T18:00:00Z",
        "2026-11-29T18:00:00",
        "2026-11-29T18:00",
        "2026-11-29T23:30:00+05:30",
        "2026-11-29T10:00:00-08:00",
    ],
)
def test_an_instant_is_the_same_by_every_clock(text: str) -> None:
    instant = parse_instant(text)
    assert (instant, instant.tzinfo) == (SIX, UTC)


@pytest.mark.parametrize(
    "value",
    [
        "soon",
        "",
        "2026-02-30T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        1764439200,
        True,
        None,
    ],
)
def test_what_is_no_instant_is_refused(value: object) -> None:
    with pytest.raises(StrawberryInputCoercionError, match="not an instant"):
        parse_instant(value)
