"""Damaging a subgraph's answer, at places of its own."""

import copy
import json
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from hypothesis import strategies as st

Damage: TypeAlias = Callable[[str, bytes], bytes]  # of a subgraph's answer

WRONG: list[Any] = [
    None,
    5,
    -1.5,
    True,
    "?",
    "User",
    "Photo",
    [],
    [None],
    [[{}]],
    {},
    {"__typename": "Film"},
    2**70,
]


#: Bytes that mean something to a reader of JSON, and some that cannot be in it.
NOISE: list[bytes] = [
    *(b"", b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"0", b"-", b"e9", b".", b"null", b"NaN"),
    *(b"-0", b"1e999", b"1" * 30, b"\xff", b"\xef\xbb\xbf", b"\x00", b"\\ud800", b"\\u0000", b" ", b"\n"),
    *(b'"__typename":"Film",', b'"id":"u1",', b'"errors":[],', b'{"a":1}', b'"data":null,', b"[" * 300),
]


@st.composite
def noises(draw: st.DrawFn, subgraphs: Iterable[str]) -> Damage:
    """Damages the bytes of one subgraph's answers: some are cut out, others put in their place."""
    victim = draw(st.sampled_from(sorted(subgraphs)))
    edits = draw(
        st.lists(
            st.tuples(st.integers(0, 10_000), st.sampled_from((0, 0, 1, 2, 7)), st.sampled_from(NOISE)),
            min_size=1,
            max_size=3,
        )
    )

    def damage(subgraph: str, body: bytes) -> bytes:
        if subgraph == victim:
            for place, cut, noise in edits:
                at = place % (len(body) + 1)
                body = body[:at] + noise + body[at + cut :]
        return body

    return damage


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place below a value."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for step, child in steps for place in [(*path, step), *places(child, (*path, step))]]


def at(value: Any, path: tuple[Any, ...]) -> Any:
    """What stands at a place."""
    for step in path:
        value = value[step]
    return value


@st.composite
def damages(draw: st.DrawFn, subgraphs: Iterable[str]) -> Damage:
    """Damages one subgraph's answers."""
    victim = draw(st.sampled_from(sorted(subgraphs)))
    choices = draw(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 5)), min_size=1, max_size=4))
    wrong = draw(st.sampled_from(WRONG))
    return lambda subgraph, body: damaged(body, choices, wrong) if subgraph == victim else body


def damaged(body: bytes, choices: Iterable[tuple[int, int]], wrong: Any) -> bytes:
    """An answer with a damage for each choice: where, and of what kind."""
    answer = json.loads(body)
    for number, kind in choices:
        found = places(answer["data"]) if isinstance(answer.get("data"), dict) else []
        if not found:
            break
        *parent, step = found[number % len(found)]
        holder = at(answer["data"], tuple(parent))
        match kind:
            case 0:
                del holder[step]
            case 1:
                holder[step] = copy.deepcopy(wrong)
            case 2:
                answer.setdefault("errors", []).append({"message": "!", "path": [*parent, step]})
            case 3 if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[step]))
            case 4 if isinstance(holder, dict):
                holder["extra"] = copy.deepcopy(wrong)
            case _:
                holder[step] = None
    return json.dumps(answer).encode()
