"""Everybody tries everything: what each role may, and what it may not (may.yaml).

Requirement: section 21, RBAC.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import pytest
from graphql import GraphQLObjectType, build_schema

from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.graphql.export import sdl
from tests.subgraphs.access.table import Attempt, attempts, document
from tests.subgraphs.access.town import PEOPLE, STAFF, Town

pytestmark = pytest.mark.long

_REFUSALS: Final = frozenset(
    {"UNAUTHENTICATED", "FORBIDDEN", "UNAUTHORIZED_FIELD_OR_TYPE", "NOT_ENROLLED", "UNAUTHORIZED_UNLOCK"}
)
_NOWHERE: Final = "0b9f6f0e-1c1d-4c5e-8a53-6f3c0f1d2e4b"
_ABOUT_NOBODY: Final = frozenset({"playerStats", "badges", "coursesByTutor"})
"""What is said of somebody whom nobody knows: that they have nothing yet."""

_OF_WHAT_ALL_SEE: Final = frozenset({"attendanceReport"})
"""What is refused of something that everybody may see, such as a group."""


def test_the_table_has_every_root_field(town: Town) -> None:
    in_table = {(attempt.kind, attempt.field) for attempt in attempts()}
    assert in_table == {
        *(("query", field) for field in _fields(town.schema.query_type)),
        *(("mutation", field) for field in _fields(town.schema.mutation_type)),
    }


async def test_a_root_field_is_for_those_whom_the_table_names_and_for_nobody_else(town: Town) -> None:
    pristine = town.snapshot()
    wrong = []
    for attempt in attempts():
        operation = document(attempt, town.schema)
        for person in PEOPLE:
            before = town.version()
            answer = await town.ask(person, operation, attempt.with_ids(town.ids))
            changed = town.version() != before
            is_let_in = person in attempt.let_in
            problem = _kept_out(attempt, answer) if is_let_in else _not_refused(attempt, answer, changed)
            if problem:
                wrong.append(f"{attempt.field} as {person} {problem}: {answer}")
            if changed:
                town.restore(pristine)
    assert not wrong, "\n".join(wrong)


async def test_a_subgraph_that_is_asked_past_the_gateway_refuses_the_same(town: Town) -> None:
    root_fields = {name: _root_fields(context) for name, context in town.contexts.items()}
    wrong = []
    for attempt in attempts():
        operation = document(attempt, town.schema)
        subgraph = next(name for name, fields in root_fields.items() if attempt.field in fields)
        for person in PEOPLE.keys() - attempt.let_in:
            before = town.version()
            answer = await town.ask_subgraph(subgraph, person, operation, attempt.with_ids(town.ids))
            if problem := _not_refused(attempt, answer, changed=town.version() != before):
                wrong.append(f"{attempt.field} as {person} {problem}: {answer}")
    assert not wrong, "\n".join(wrong)


async def test_what_is_somebody_elses_looks_like_what_is_not_there(town: Town) -> None:
    """Whoever may not ask a query cannot tell from its answer whether an id is somebody's."""
    for attempt in attempts():
        if attempt.kind == "mutation" or not attempt.names_something or attempt.field in _OF_WHAT_ALL_SEE:
            continue
        operation = document(attempt, town.schema)
        nowhere = attempt.with_ids(defaultdict(lambda: _NOWHERE))
        for person in PEOPLE.keys() - attempt.let_in:
            there = await town.ask(person, operation, attempt.with_ids(town.ids))
            assert there == await town.ask(person, operation, nowhere), (attempt.field, person)


@pytest.mark.parametrize("id_", [_NOWHERE, "'; DROP TABLE identity_user; --", ""])
async def test_what_does_not_exist_is_said_to_nobody(town: Town, id_: str) -> None:
    """Whatever the id looks like: no mutation changes anything, no query finds anything, nothing breaks."""
    pristine = town.snapshot()
    wrong = []
    for attempt in attempts():
        if not attempt.names_something:
            continue
        operation = document(attempt, town.schema)
        variables = attempt.with_ids(defaultdict(lambda: id_))
        for person in PEOPLE:
            before = town.version()
            answer = await town.ask(person, operation, variables)
            codes = _codes(attempt, answer)
            if person in STAFF and codes == ["PERSON_UNCONFIRMED"]:  # identity is asked: a message
                town.restore(pristine)
                continue
            says = attempt.field not in _ABOUT_NOBODY and not codes and _says_something(attempt, answer)
            if town.version() != before or says or {"INTERNAL_SERVER_ERROR"} & set(codes):
                wrong.append(f"{attempt.field} as {person}: {answer}")
    assert not wrong, "\n".join(wrong)


def _root_fields(context: BoundedContext) -> set[str]:
    schema = build_schema(sdl(context.schema), assume_valid=True)
    return {*_fields(schema.query_type), *_fields(schema.mutation_type)}


def _fields(root: GraphQLObjectType | None) -> Iterator[str]:
    assert root is not None
    yield from root.fields


def _kept_out(attempt: Attempt, answer: Any) -> str | None:
    codes = _codes(attempt, answer)
    if not set(codes) <= attempt.answers:
        return "is not let in"
    if not codes and attempt.names_something and not _says_something(attempt, answer):
        return "is told nothing"
    return None


def _not_refused(attempt: Attempt, answer: Any, changed: bool) -> str | None:
    codes = _codes(attempt, answer)
    if changed:
        return "changes something"
    if not codes and _says_something(attempt, answer):
        return "is told something"
    if not all(code in _REFUSALS or code.endswith("_NOT_FOUND") for code in codes):
        return "is refused for another reason"
    return None


def _codes(attempt: Attempt, answer: Any) -> list[str]:
    codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
    found = (answer.get("data") or {}).get(attempt.field)
    if attempt.kind == "mutation" and found:
        codes += [error["code"] for error in found["errors"]]
    return codes


def _says_something(attempt: Attempt, answer: Any) -> bool:
    match (answer.get("data") or {}).get(attempt.field):
        case {"nodes": []} | {"items": []} | [] | None | False:
            return False
        case _:
            return True
