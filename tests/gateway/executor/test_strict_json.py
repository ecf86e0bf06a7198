"""What the executor takes for JSON."""

import json

import pytest

from plait_gateway.executor.strict_json import MAX_DEPTH, InvalidJson, read_json


@pytest.mark.parametrize(
    "text",
    ['{"a":[1,-2.5e3,true,false,null,"\\u00e9\\ud83d\\ude00"]}', "5", '"x"', " [ ] ", '"\\ud83d\\ude00"'],
)
def test_json(text: str) -> None:
    assert read_json(text.encode()) == json.loads(text)


def test_a_byte_order_mark_is_ignored() -> None:
    assert read_json(b"\xef\xbb\xbf{}") == {}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"<html>", "not JSON"),
        (b'{"a":1', "not JSON"),
        (b'{"a":1}{"b":2}', "not JSON"),
        (b"{'a':1}", "not JSON"),
        (b'"\x00"', "not JSON"),
        (b'{"a":NaN}', "NaN is not JSON"),
        (b"[Infinity]", "Infinity is not JSON"),
        (b"[-Infinity]", "-Infinity is not JSON"),
        (b"[1e400]", "too large"),
        (b"1" * 5000, "too long"),
        (b'{"a":1,"a":2}', "same key twice"),
        (b'{"x":[{"a":1,"b":1,"a":1}]}', "same key twice"),
        (b'["\\ud800"]', "surrogate"),
        (b'{"\\udc00":1}', "surrogate"),
        (b'"\xff"', "not UTF-8"),
        ('{"a":1}'.encode("utf-16"), "not UTF-8"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "nested too deeply"),
        (b"[" * 1_000_000, "nested too deeply"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_not_json_or_cannot_be_written_again(body: bytes, reason: str) -> None:
    with pytest.raises(InvalidJson, match=reason):
        read_json(body)


def test_the_depth_that_is_allowed() -> None:
    text = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert json.dumps(read_json(text.encode())) == text
