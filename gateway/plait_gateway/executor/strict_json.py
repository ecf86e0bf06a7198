"""JSON as RFC 8259 has it, and no more: what may be written again as it was read."""

import json
import math
from collections.abc import Iterable
from typing import Any

MAX_DEPTH = 200  # as deep as graphql-core lets an operation be; below the interpreter's recursion limit


class InvalidJson(ValueError):  # noqa: N818 - it names the text's state, as SubgraphUnreachable does
    """A text that is not JSON, or JSON that no answer may hold; the message says why."""


def read_json(body: bytes) -> Any:
    """The value of a JSON text in UTF-8.

    Raises InvalidJson for what is not JSON (NaN and Infinity included), and for what could not be written
    again or has two meanings: repeated keys, numbers beyond a double, lone surrogates, deep nesting.
    """
    try:
        text = body.decode("utf-8-sig")
        value = json.loads(
            text,
            object_pairs_hook=_without_repeated_keys,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except InvalidJson:
        raise
    except UnicodeDecodeError:
        raise InvalidJson("it is not UTF-8") from None
    except RecursionError:
        raise InvalidJson("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InvalidJson(f"it is not JSON ({error.msg.lower()}, {place})") from None
    except ValueError:  # more digits than Python converts
        raise InvalidJson("it holds a number that is too long") from None
    if _is_deeper_than(value, MAX_DEPTH):
        raise InvalidJson("it is nested too deeply")
    if "\\u" in text:
        _refuse_lone_surrogates(value)
    return value


def _without_repeated_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        raise InvalidJson("an object has the same key twice")
    return result


def _no_constant(name: str) -> Any:
    raise InvalidJson(f"{name} is not JSON")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise InvalidJson("it holds a number that is too large")
    return value


def _is_deeper_than(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [child for parent in level for child in _children(parent) if isinstance(child, dict | list)]
        if not level:
            return False
    return True


def _children(value: Any) -> Iterable[Any]:
    match value:
        case dict():
            return value.values()
        case list():
            return value
        case _:
            return ()


def _refuse_lone_surrogates(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise InvalidJson("a string holds half of a surrogate pair") from None
