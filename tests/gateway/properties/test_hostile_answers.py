"""Every way in which an answer can be bad, at every kind of fetch.

Both executors say the same of it, blame its subgraph, and give no wrong value.
"""

import copy
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeAlias

import pytest

from plait_gateway.clients import SubgraphResponse
from tests.gateway.properties.damage import at, places
from tests.gateway.properties.places import GOOD, SUBGRAPHS, Answer, Operation, answering, operation_of

#: From the good answer to what is answered.
Damage: TypeAlias = Callable[[dict[str, Any]], Answer]


def written(answer: Any) -> bytes:
    return json.dumps(answer).encode()


def with_errors(errors: Any, *, data: bool) -> Damage:
    return lambda good: written({"data": good["data"] if data else None, "errors": errors})


def status(code: int, content_type: str, body: bytes | None = None) -> Damage:
    return lambda good: SubgraphResponse(code, content_type, written(good) if body is None else body)


def says(text: str) -> Damage:
    return lambda _: text.encode()


def replaces(old: bytes, new: bytes) -> Damage:
    return lambda good: written(good).replace(old, new)


def ends(text: str) -> Damage:
    """The good answer, with this in its object, too."""
    return lambda good: written(good)[:-1] + text.encode() + b"}"


def twice(key: str) -> Damage:
    """The first object that has a key has it again, with another value."""
    return lambda good: written(good).replace(f'"{key}":'.encode(), f'"{key}": 7, "{key}":'.encode(), 1)


def of_type(name: Any) -> Callable[[list[Any]], list[Any]]:
    return lambda found: [{**one, "__typename": name} for one in found]


PATHS: list[Any] = [None, 5, "x", [], {}, [None], [-1], [2**70], [1.5], ["x" * 1000] * 100]
PATHS += [["_entities", step] for step in (0, 1, 99, -1, "0", 2**70, None)]
PATHS += [["_entities", 0, "reviews", 0, "author", "id", "more"], ["products", 0, "name"]]
LOCATIONS: list[Any] = [None, 5, "x", [5], [{"line": -1, "column": "x"}]]
EXTENSIONS: list[Any] = [None, 5, [], {"code": {}}, {"code": 5}, {"n": 2**70}]
EXTENSIONS += [{"code": "OWN", "serviceName": "other", "http": 5}]
ENTRIES: list[Any] = [None, 5, "no", [], {}, {"message": None}, {"message": 5}, {"message": "\0"}]
ENTRIES += [{"message": "no", "path": path} for path in PATHS]
ENTRIES += [{"message": "no", "locations": where} for where in LOCATIONS]
ENTRIES += [{"message": "no", "extensions": more} for more in EXTENSIONS]
ENTRIES += [{"message": "no", "other": [[[{}]]]}]
VALUES = ("null", "[]", "{}", "5", '"x"', "false", "[null]", "[[]]", "[{}]")
BODIES: dict[str, Damage] = {
    "empty": says(""),
    "white space": says(" \r\n\t"),
    "cut off": lambda good: written(good)[:-1],
    "half": lambda good: written(good)[: len(written(good)) // 2],
    "more behind it": lambda good: written(good) + b"x",
    "two of them": lambda good: written(good) * 2,
    "a byte order mark": lambda good: b"\xef\xbb\xbf" + written(good),
    "UTF-16": lambda good: json.dumps(good).encode("utf-16"),
    "no UTF-8": replaces(b"a", b"\xff"),
    "an overlong form": replaces(b"a", b"\xc1\xa1"),
    "a surrogate's bytes": replaces(b"a", b"\xed\xa0\x80"),
    "half of a surrogate pair": replaces(b"a", b"\\ud800"),
    "a control character": replaces(b"a", b"\n"),
    "an unknown escape": replaces(b"a", b"\\q"),
    "single quotes": replaces(b'"', b"'"),
    "a comma at the end": ends(","),
    "a comment": lambda good: b"/* */" + written(good),
    "deep lists": says('{"data":' + "[" * 100_000),
    "deep objects": says('{"data":' + '{"a":' * 100_000),
    "deep and closed": says('{"data":' + "[" * 50_000 + "]" * 50_000 + "}"),
    "deep extensions": ends(',"extensions":' + "[" * 9000 + "]" * 9000),
    "many of one key": lambda good: b"{" + b'"x":1,' * 20_000 + written(good)[1:],
    "data and null": ends(',"data":null'),
    "errors and none": ends(',"errors":[{"message":"x"}],"errors":[]'),
    "no data": lambda good: written({"result": good["data"]}),
    "many errors": with_errors([{"message": "no"}] * 3000, data=False),
    "204 without a body": status(204, "", b""),
    "an error page": status(502, "text/html", b"<html>Bad Gateway</html>"),
    "a page": status(200, "text/html; charset=utf-8", b"<html>Log in</html>"),
    "errors with a status": status(500, "x", b'{"errors":[{"message":"down"}]}'),
}
for key in ("data", "_entities", "name", "shipping", "body"):
    BODIES[f"{key} twice"] = twice(key)
for number in ("NaN", "Infinity", "-Infinity", "6.5", "1e400", "06", "+6", "0x6", "6" * 5000):
    BODIES[f"{number} for a number"] = replaces(b" 6", number.encode())
for value in (*VALUES, "NaN", '[{"data":{}}]', "<html></html>"):
    BODIES[f"{value} for all"] = says(value)
for value in VALUES:
    BODIES[f"data {value}"] = says(f'{{"data":{value}}}')
    BODIES[f"errors {value}, and data"] = ends(f',"errors":{value}')
    BODIES[f"errors {value} alone"] = says(f'{{"errors":{value}}}')
for entry in ENTRIES:
    BODIES[f"{entry} among errors, and data"] = with_errors([entry], data=True)
    BODIES[f"{entry} among errors"] = with_errors([entry], data=False)
for code in (101, 204, 302, 400, 404, 500, 599):
    BODIES[f"status {code}"] = status(code, "application/json")
ENTITIES: dict[str, Any] = {
    "null": None,
    "an object": {"0": {}},
    "a text": "x",
    "none": [],
    "too few": lambda found: found[:-1],
    "too many": lambda found: [*found, found[-1]],
    "one null": lambda found: [None, *found[1:]],
    "all null": lambda found: [None for _ in found],
    "texts": lambda found: ["x" for _ in found],
    "lists": lambda found: [[one] for one in found],
    **{f"of type {name}": of_type(name) for name in ("Review", "Nobody", "", None, 5)},
}


def of_entities(entities: Any) -> Damage:
    def damage(good: dict[str, Any]) -> bytes:
        found = good["data"]["_entities"]
        return written({"data": {"_entities": entities(found) if callable(entities) else entities}})

    return damage


def wrong_at(path: tuple[Any, ...], wrong: Any, good: dict[str, Any]) -> bytes:
    answer = copy.deepcopy(good)
    holder = at(answer["data"], path[:-1])
    if wrong is ...:
        del holder[path[-1]]
    else:
        holder[path[-1]] = wrong
    return written(answer)


def of_values(victim: str) -> Iterator[tuple[str, Damage]]:
    """At each place something that cannot stand there, or nothing, or one thing more."""
    data = GOOD[victim]
    for path in places(data):
        value = at(data, path)
        wrong: list[Any] = [{"x": 1}, [[{}]], None, True]
        if isinstance(value, dict | list):
            wrong += ["x", 5, -1.5]
        elif path[-1] != "id":
            wrong += [2**70, 1.5] + (["x"] if path[-1] in ("price", "shipping", "size") else [5])
        if isinstance(path[-1], str):
            wrong.append(...)
        for one in wrong:
            yield f"{one} at {path}", partial(wrong_at, path, one)
        if isinstance(value, dict):
            yield f"more at {path}", partial(wrong_at, (*path, "more"), 5)


def damages_of(victim: str) -> Iterator[tuple[str, Damage]]:
    yield from BODIES.items()
    if "_entities" in GOOD[victim]:
        yield from ((f"entities {name}", of_entities(one)) for name, one in ENTITIES.items())
    yield from of_values(victim)


@pytest.mark.parametrize("victim", SUBGRAPHS)
async def test_whatever_is_wrong_both_executors_say_so_and_no_value_is_wrong(victim: str) -> None:
    operation = operation_of(victim)
    good = (await operation.run(answering(victim, written))).data
    await operation.run(answering(victim, written))  # and by its program, from here on
    failed = []
    for name, damage in damages_of(victim):
        may_be_null = name.startswith("None at ") or name in ("entities one null", "entities all null")
        problem = await complaint(operation, victim, damage, good, may_be_null=may_be_null)
        if problem is not None:
            failed.append(f"{name}: {problem}")
    assert failed == [], "\n".join(failed)


async def complaint(
    operation: Operation,
    victim: str,
    damage: Damage,
    good: Any,
    *,
    may_be_null: bool,
) -> str | None:
    try:
        result = await operation.run(answering(victim, damage))
        operation.check(result, good, victim)
        assert may_be_null or result.errors or result.data == good, "nothing is said about it"
    except AssertionError as problem:
        return str(problem)[:1000]
    return None
