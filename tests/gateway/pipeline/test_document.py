"""Documents: what is refused before it is planned, and what is left behind."""

import gc

import pytest
from graphql import build_schema

from plait_gateway.pipeline.document import ValidDocument, read_document

SCHEMA = build_schema("scalar Any  type Query { echo(any: Any, f: Float, n: Int): Int  self: Query }")


def codes(text: str) -> list[str]:
    outcome = read_document(text, SCHEMA, max_tokens=15_000)
    return [] if isinstance(outcome, ValidDocument) else [one.extensions["code"] for one in outcome.errors]


@pytest.mark.parametrize("default", ["1e999", "-1e999", "[1, 1e999]", "{a: {b: [1e999]}}"])
def test_a_default_that_json_cannot_hold_is_refused(default: str) -> None:
    assert codes(f"query ($v: Any = {default}) {{ echo(any: $v) }}") == ["GRAPHQL_VALIDATION_FAILED"]


@pytest.mark.parametrize("default", ["1e300", "[1.5]", "{a: null}", "null"])
def test_other_defaults_are_not(default: str) -> None:
    assert codes(f"query ($v: Any = {default}) {{ echo(any: $v) }}") == []


def test_comparing_the_fields_of_one_response_key_has_an_end() -> None:
    assert codes("{" + " echo" * 100 + "}") == []
    assert codes("{" + " echo" * 1000 + "}") == ["OPERATION_TOO_LARGE"]
    assert codes("{" + "".join(f" echo(n: {number})" for number in range(1000)) + "}") == [
        "OPERATION_TOO_LARGE"
    ]


def garbage_of(text: str) -> int:
    """How many objects wait for the garbage collector once the document is dropped."""
    gc.collect()
    gc.disable()
    try:
        codes(text)
        return gc.collect()
    finally:
        gc.enable()


def test_a_document_that_is_dropped_is_freed_without_the_garbage_collector() -> None:
    large = "{" + "".join(f" a{number}: echo(n: {number})" for number in range(1000)) + "}"
    assert garbage_of(large) < garbage_of("{ echo }") + 1000


def test_what_comparing_fields_has_noted_is_freed_as_well() -> None:
    hostile = "{" + "".join(f" echo(n: {number})" for number in range(1000)) + "}"
    assert garbage_of(hostile) < 20_000  # the document; there were 66,000 comparisons
