"""Whatever is written into an argument, those who are let in get an answer: done, or refused with a code.

A refusal that names a field names one of the input.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLType,
    get_named_type,
)

from tests.subgraphs.access.table import Attempt, attempts, document, root_field
from tests.subgraphs.access.town import Town

pytestmark = pytest.mark.long

_TEXTS: Final = (
    "",
    " \t\n",
    "\0",
    "\u202eevil\u200b\ufeff",
    "Ω≈ç√∫" * 40,
    "👩‍👩‍👧‍👦",
    "x" * 100_000,
    "'; DROP TABLE identity_user; -- <script>alert(1)</script> {{7*7}} %s",
)
_ODD: Final[Mapping[str, tuple[Any, ...]]] = {
    "String": _TEXTS,
    "ID": _TEXTS[:4],
    "Int": (-2_147_483_648, -1, 0, 2_147_483_647),
    "Float": (-1e308, 1e308),
    "DateTime": ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59+14:00", "2026-02-30T00:00:00Z", ""),
    "Date": ("0001-01-01", "9999-12-31"),
    "Time": ("24:00:00", "23:59:59.999999"),
}
_OFTEN: Final = 2000
_ASKERS: Final = ("tutor", "student", "staff", "super_admin", "visitor")


async def test_an_odd_value_is_taken_or_refused(town: Town) -> None:
    pristine = town.snapshot()
    wrong = []
    for attempt in attempts():
        person = next((one for one in _ASKERS if one in attempt.let_in), None)
        if person is None:
            continue
        for variables in _odd(attempt, town):
            operation = document(replace(attempt, arguments=variables), town.schema)
            before = town.version()
            answer = await town.ask(person, operation, variables)
            if problem := _problem(attempt, answer, town.schema):
                wrong.append(f"{attempt.field} of {str(variables)[:200]}: {problem}")
            if town.version() != before:
                town.restore(pristine)
    assert not wrong, "\n".join(wrong)


def _odd(attempt: Attempt, town: Town) -> Iterator[dict[str, Any]]:
    """The arguments, with an odd value at one place at a time."""
    arguments = root_field(attempt, town.schema).args
    good = attempt.with_ids(town.ids)
    for name, argument in arguments.items():
        for odd in _odd_values(argument.type, good.get(name)):
            yield {**good, name: odd}


def _odd_values(kind: GraphQLType, good: Any) -> Iterator[Any]:
    match kind:
        case GraphQLNonNull() as required:
            yield from _odd_values(required.of_type, good)
        case GraphQLInputObjectType(fields=fields):
            for name, field in fields.items():
                for odd in _odd_values(field.type, (good or {}).get(name)):
                    yield {**(good or {}), name: odd}
        case GraphQLList() as many:
            yield []
            for odd in _odd_values(many.of_type, good[0] if good else None):
                yield [odd]
            if good:
                yield good * _OFTEN
        case one:
            yield from _ODD.get(get_named_type(one).name, ())


def _problem(attempt: Attempt, answer: Any, schema: GraphQLSchema) -> str | None:
    for error in answer.get("errors", ()):
        if error["extensions"]["code"] in ("INTERNAL_SERVER_ERROR", "SUBGRAPH_INVALID_RESPONSE"):
            return str(error)
    if attempt.kind == "query" or not answer.get("data"):
        return None
    found = answer["data"][attempt.field]
    fields = {name for one in root_field(attempt, schema).args.values() for name in _fields(one.type)}
    for error in found["errors"] if found else ():
        if error["field"] is not None and error["field"] not in fields:
            return str(error)
    return None


def _fields(kind: GraphQLType) -> Iterator[str]:
    """The fields of an input, and of inputs within it."""
    named = get_named_type(kind)
    if isinstance(named, GraphQLInputObjectType):
        for name, field in named.fields.items():
            yield name
            yield from _fields(field.type)
