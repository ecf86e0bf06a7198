"""What is private is read by those whom it concerns, however others ask for it.

From every root field everything is asked for that can be reached, and the answers are searched for texts that
the founding of the town has marked.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import pytest
from graphql import GraphQLObjectType, GraphQLUnionType, build_schema

from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.graphql.export import sdl
from tests.subgraphs.access.depths import all_of, everything_below
from tests.subgraphs.access.table import attempts
from tests.subgraphs.access.town import PEOPLE, STAFF, Town

pytestmark = pytest.mark.long

_REFUSALS: Final = {"UNAUTHENTICATED", "UNAUTHORIZED_FIELD_OR_TYPE", "FORBIDDEN", "NOT_ENROLLED"}

_READERS: Final = {
    "student@marked.example": {"student"},
    "marked-draft": {"tutor"},
    "marked-content-course": {"student", "tutor"},
    "marked-content-free": {"student", "tutor"},
    "marked-content-draft": {"tutor"},
    "marked-instructions": {"student", "tutor"},
    "marked-question": {"student", "tutor"},
    "marked-hidden-test": {"tutor"},
    "marked-program": {"student", "tutor"},
    "marked-private-class": {"student", "tutor"},
    "marked-adjustment": {"student", "tutor"},
    "marked-assignment": {"student", "tutor"},
    "marked-submission": {"student", "tutor"},
    "marked-feedback": {"student", "tutor"},
    "marked-refund": {"student"},
    "marked-dispute": set(),
    '"amountMinor": 7331': {"student"},
    "+4915112345678": {"student"},
    "marked-device": set(),
    "$2b$": set(),
}
"""Of those who are no staff, who may read what."""


async def test_what_is_private_is_read_by_those_whom_it_concerns(town: Town) -> None:
    read_by: dict[str, set[str]] = defaultdict(set)
    broken = []
    for attempt in attempts():
        if attempt.kind == "mutation":
            continue
        for operation in everything_below(attempt, town.schema, depth=1):
            for person in PEOPLE.keys() - STAFF:
                answer = await town.ask(person, operation, attempt.with_ids(town.ids))
                codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
                if codes - _REFUSALS:
                    broken.append(f"{person}: {operation[:300]}: {answer['errors'][:1]}")
                text = json.dumps(answer)
                for marked in _READERS:
                    if marked in text:
                        read_by[marked].add(person)
    assert not broken, "\n".join(broken)
    assert read_by == {marked: readers for marked, readers in _READERS.items() if readers}


async def test_an_entity_that_is_asked_for_past_the_gateway_tells_no_more(town: Town) -> None:
    """By every id there is, of every type, in each subgraph."""
    ids = sorted(set(town.ids.values()))
    leaks, read = [], set()
    for subgraph, context in town.contexts.items():
        for kind in _entities(context):
            inner = all_of(kind, (), 1)
            document = (
                f"query ($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on {kind.name} {inner} }} }}"
            )
            representations = [{"__typename": kind.name, "id": id_} for id_ in ids]
            for person in PEOPLE.keys() - STAFF:
                answer = await town.ask_subgraph(subgraph, person, document, {"r": representations})
                text = json.dumps(answer)
                found = {marked for marked in _READERS if marked in text}
                read |= found
                leaks += [(kind.name, marked, person) for marked in found if person not in _READERS[marked]]
    assert not leaks
    assert {"marked-submission", "marked-content-course", "marked-private-class"} <= read


def _entities(context: BoundedContext) -> Iterator[GraphQLObjectType]:
    """The entities of which a subgraph says more than the key."""
    union = build_schema(sdl(context.schema), assume_valid=True).get_type("_Entity")
    assert isinstance(union, GraphQLUnionType)
    for kind in union.types:
        if kind.fields.keys() - {"id"}:
            yield kind
