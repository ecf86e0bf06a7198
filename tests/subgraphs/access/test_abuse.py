"""What somebody may try who means no good, and has read the schema."""

import asyncio
from typing import Any, Final

import pytest

from tests.subgraphs.access.town import Town

pytestmark = pytest.mark.long

_CIRCLE: Final = (
    "{ courseCatalog { nodes { " + "tutor { coursesTaught { items { " * 5 + "id" + " } } }" * 5 + " } } }"
)
_MANY: Final = """{
  users(first: 100) { nodes { enrollments(first: 100) { nodes {
    course { enrollments(first: 100) { nodes { id } } }
  } } } }
}"""


@pytest.mark.parametrize("operation", [_CIRCLE, _MANY])
async def test_an_operation_that_multiplies_itself_is_refused_before_anything_is_asked(
    town: Town, operation: str
) -> None:
    for person in ("visitor", "staff"):
        answer = await town.ask(person, operation)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["OPERATION_TOO_EXPENSIVE"]


async def test_guesses_in_one_operation_are_counted_one_by_one(town: Town) -> None:
    """However many aliases an operation has."""
    guess = 'login(input: {email: "tutor@marked.example", password: "guess %d"}) { errors { code } }'
    guesses = " ".join(f"a{number}: {guess % number}" for number in range(8))
    answer = (await town.ask("visitor", f"mutation {{ {guesses} }}"))["data"]
    codes = [payload["errors"][0]["code"] for payload in answer.values()]
    assert codes == ["INVALID_CREDENTIALS"] * 5 + ["LOGIN_LOCKED"] * 3


async def test_who_is_gone_buys_nothing_with_the_token_that_is_left(town: Town) -> None:
    """Through the gateway, which has not heard that it is good no more."""
    credentials = {"email": "stranger@marked.example", "password": "learn with owls"}
    login = "mutation ($input: LoginInput!) { login(input: $input) { accessToken } }"
    token = (await town.ask("visitor", login, {"input": credentials}))["data"]["login"]["accessToken"]
    headers, variables = {"authorization": f"Bearer {token}"}, {"input": {"courseId": town.ids["course"]}}
    buy = """mutation ($input: RequestCourseEnrollmentInput!) {
      requestCourseEnrollment(input: $input) { errors { code } }
    }"""
    await town.does("admin", "deactivateUser", "user { id }", userId=town.ids["stranger"], reason="Stole")
    version = town.version()
    refused = (await town.gateway.graphql(buy, variables, headers=headers)).json
    assert refused["data"] is None
    assert [error["extensions"]["code"] for error in refused["errors"]] == ["UNAUTHENTICATED"]
    assert town.version() == version


@pytest.mark.parametrize(
    "entity", ["{ _service { sdl } }", "{ _entities(representations: []) { __typename } }"]
)
async def test_what_is_for_gateways_is_not_for_clients(town: Town, entity: str) -> None:
    answer = await town.ask("super_admin", entity)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["GRAPHQL_VALIDATION_FAILED"]


async def test_the_last_place_is_given_once_however_many_ask_at_once(town: Town) -> None:
    """The town's class has five places; the student has one of them."""
    document = """
      mutation ($input: EnrollStudentInClassInput!) {
        enrollStudentInClass(input: $input) { enrollment { id } errors { code } }
      }
    """
    people = ("stranger", "tutor", "colleague", "staff", "admin", "super_admin", "clerk")
    entries: list[dict[str, Any]] = [
        {"classId": town.ids["class"], "studentId": town.ids[person], "paymentAmount": {"amountMinor": 4900}}
        for person in people
    ]
    asked = [town.ask("staff", document, {"input": entry}) for entry in (*entries, *entries)]
    payloads = [answer["data"]["enrollStudentInClass"] for answer in await asyncio.gather(*asked)]
    assert sum(payload["errors"] == [] for payload in payloads) == 4
    detail = await town.ask(
        "staff",
        "query ($id: ID!) { classDetail(id: $id) { enrolledCount capacity } }",
        {"id": town.ids["class"]},
    )
    assert detail["data"]["classDetail"] == {"enrolledCount": 5, "capacity": 5}
