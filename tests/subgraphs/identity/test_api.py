"""The subgraph as clients and the gateway see it."""

from datetime import timedelta
from typing import Any

import pytest

from subgraphs.contracts.caches import USER
from subgraphs.identity.app import JWKS_PATH
from subgraphs.identity.commands import ActivateUser, ChangeUserRole
from subgraphs.identity.domain import UserRole
from subgraphs.kernel.cache.store import Entry
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.testing.client import GraphQLClient, request
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.identity.academy import LOGIN, PASSWORD, Academy
from tests.subgraphs.learning.school import selects
from tests.subgraphs.people import codes, done

REGISTER = """
    mutation ($input: RegisterUserInput!) {
      registerUser(input: $input) {
        user { name role email }
        account { email status }
        errors { code message field }
      }
    }
"""
UPDATE = """
    mutation ($input: UpdateProfileInput!) {
      updateProfile(input: $input) { profile { firstName bio skills } errors { code field } }
    }
"""
ADA = {"email": "ada@example.org", "password": PASSWORD, "firstName": "Ada", "lastName": "Lovelace"}


async def test_register_log_in_and_be_oneself(academy: Academy) -> None:
    registered = await academy.visitor().data(REGISTER, input=ADA)
    assert registered["registerUser"] == {
        "user": {"name": "Ada Lovelace", "role": "STUDENT", "email": None},
        "account": {"email": "ada@example.org", "status": "PENDING_VERIFICATION"},
        "errors": [],
    }
    login = (await academy.visitor().data(LOGIN, input={"email": ADA["email"], "password": PASSWORD}))[
        "login"
    ]
    assert login["expiresAt"] == "2025-09-01T08:15:00+00:00"
    ada = await academy.logged_in("ada@example.org")
    assert (await ada.data("{ me { id } }"))["me"] == login["user"]
    assert (await ada.data("{ me { email status } }"))["me"] == {
        "email": "ada@example.org",
        "status": "PENDING_VERIFICATION",
    }


async def test_refusals_are_data(academy: Academy) -> None:
    await academy.register()
    taken = (await academy.visitor().data(REGISTER, input=ADA))["registerUser"]
    assert taken == {
        "user": None,
        "account": None,
        "errors": [
            {"code": "EMAIL_TAKEN", "message": "User with this email already exists", "field": "email"}
        ],
    }
    wrong = (await academy.visitor().data(LOGIN, input={"email": "x@example.org", "password": "x"}))["login"]
    assert (wrong["accessToken"], wrong["user"]) == (None, None)
    assert [error["code"] for error in wrong["errors"]] == ["INVALID_CREDENTIALS"]
    anonymous = (await academy.visitor().data(UPDATE, input={"bio": "x"}))["updateProfile"]
    assert anonymous == {"profile": None, "errors": [{"code": "UNAUTHENTICATED", "field": None}]}


async def test_what_is_left_out_of_a_profile_update_stays(academy: Academy) -> None:
    await academy.register()
    ada = await academy.logged_in("ada@example.org")
    await ada.data(UPDATE, input={"bio": "Analyst", "skills": ["algebra"]})
    kept = (await ada.data(UPDATE, input={"firstName": "Augusta"}))["updateProfile"]["profile"]
    assert kept == {"firstName": "Augusta", "bio": "Analyst", "skills": ["algebra"]}
    cleared = (await ada.data(UPDATE, input={"bio": None}))["updateProfile"]["profile"]
    assert cleared == {"firstName": "Augusta", "bio": None, "skills": ["algebra"]}


async def test_a_user_has_what_the_profile_tells(academy: Academy, clock: FakeClock) -> None:
    """Requirement: section 1, the fields of User and UserProfile."""
    await academy.register()
    ada = await academy.logged_in("ada@example.org")
    await ada.data(UPDATE, input={"firstName": "Augusta", "bio": "Analyst", "skills": ["algebra"]})
    user = (
        await ada.data(
            "{ me { id firstName lastName bio skills createdAt updatedAt profile { id userId } } }"
        )
    )["me"]
    now = clock.now().isoformat()
    assert user == {
        "id": user["id"],
        "firstName": "Augusta",
        "lastName": "Lovelace",
        "bio": "Analyst",
        "skills": ["algebra"],
        "createdAt": now,
        "updatedAt": now,
        "profile": {"id": user["id"], "userId": user["id"]},
    }


async def test_the_email_is_for_oneself_and_the_staff(academy: Academy) -> None:
    user_id = str(done(await academy.register()))
    await academy.register("bob@example.org", first_name="Bob")
    query = "query ($id: ID!) { userById(id: $id) { name email status } }"
    public = {"name": "Ada Lovelace", "email": None, "status": None}
    private = {"name": "Ada Lovelace", "email": "ada@example.org", "status": "PENDING_VERIFICATION"}
    assert (await academy.visitor().data(query, id=user_id))["userById"] == public
    assert (await (await academy.logged_in("bob@example.org")).data(query, id=user_id))["userById"] == public
    assert (await (await academy.logged_in("ada@example.org")).data(query, id=user_id))["userById"] == private
    staff = await _as_staff(academy)
    assert (await staff.data(query, id=user_id))["userById"] == private


async def test_a_visitor_is_nobody_and_sees_public_profiles(academy: Academy) -> None:
    user_id = str(done(await academy.register()))
    await academy.work()
    query = """query ($id: ID!) {
        me { id }
        userProfile(userId: $id) { firstName lastName bio skills }
        nobody: userById(id: "nobody") { id }
    }"""
    assert await academy.visitor().data(query, id=user_id) == {
        "me": None,
        "userProfile": {"firstName": "Ada", "lastName": "Lovelace", "bio": None, "skills": []},
        "nobody": None,
    }


async def test_the_list_of_users_is_paginated_and_for_the_staff(academy: Academy) -> None:
    for number in range(3):
        await academy.register(f"student{number}@example.org", first_name=f"Student{number}")
    query = """query ($role: UserRole) {
        usersList(offset: 1, limit: 1, role: $role) { items { name } total hasMore }
    }"""
    refused = await academy.visitor().execute(query)
    assert refused["data"] == {"usersList": None}
    assert refused["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    staff = await _as_staff(academy)
    students = (await staff.data(query, role="STUDENT"))["usersList"]
    assert (students["total"], students["hasMore"], len(students["items"])) == (3, True, 1)
    assert (await staff.data(query))["usersList"]["total"] == 4
    too_many = await staff.execute("{ usersList(limit: 101) { total } }")
    assert too_many["errors"][0]["extensions"]["code"] == "INVALID_PAGE"


async def test_a_page_of_users_has_everybody_once(academy: Academy) -> None:
    ids = {str(done(await academy.register(f"student{number}@example.org"))) for number in range(5)}
    staff = await _as_staff(academy)
    query = "query ($o: Int!) { usersList(offset: $o, limit: 2, role: STUDENT) { items { id } } }"
    seen = [
        user["id"]
        for offset in (0, 2, 4)
        for user in (await staff.data(query, o=offset))["usersList"]["items"]
    ]
    assert (set(seen), len(seen)) == (ids, 5)


async def test_a_hundred_entities_are_one_statement(academy: Academy) -> None:
    ids = [str(await academy.create(f"user{number}@example.org", UserRole.STUDENT)) for number in range(100)]
    query = (
        "query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { id name profile { bio } } } }"
    )
    representations = [{"__typename": "User", "id": user_id} for user_id in [*ids, "nobody", *ids]]
    with selects() as executed:
        answer = await academy.visitor().execute(query, r=representations)
    entities = answer["data"]["_entities"]
    assert codes(answer) == ["ENTITY_NOT_FOUND"]
    assert [entity and entity["id"] for entity in entities] == [*ids, None, *ids]
    assert len(executed) == 1


async def test_users_of_a_role_come_in_pages_that_count_from_one(academy: Academy) -> None:
    for number in range(3):
        await academy.create(f"tutor{number}@example.org", UserRole.TUTOR)
    staff = await _as_staff(academy)
    query = """query ($page: Int!) {
      usersByRole(role: TUTOR, page: $page, limit: 2) { items { role } total hasMore }
    }"""
    sizes = [len((await staff.data(query, page=page))["usersByRole"]["items"]) for page in (1, 2, 3)]
    assert sizes == [2, 1, 0]
    nowhere = await staff.execute(query, page=0)
    assert nowhere["errors"][0]["extensions"]["code"] == "INVALID_PAGE"


async def test_what_only_the_staff_may_ask(academy: Academy) -> None:
    user_id = str(done(await academy.register()))
    query = """{
      userByEmail(email: "ADA@example.org") { id }
      checkUserExists(email: "ada@example.org")
      nobody: checkUserExists(email: "bob@example.org")
    }"""
    staff = await _as_staff(academy)
    assert await staff.data(query) == {
        "userByEmail": {"id": user_id},
        "checkUserExists": True,
        "nobody": False,
    }
    ada = await academy.logged_in("ada@example.org")
    refused = await ada.execute(query)
    assert refused["data"] == {"userByEmail": None, "checkUserExists": None, "nobody": None}
    assert {error["extensions"]["code"] for error in refused["errors"]} == {"FORBIDDEN"}


async def test_settings_are_ones_own(academy: Academy) -> None:
    user_id = str(done(await academy.register()))
    await academy.work()
    ada, staff = await academy.logged_in("ada@example.org"), await _as_staff(academy)
    change = """mutation { updateUserSettings(input: {timeZone: "Asia/Tokyo"}) {
      settings { timeZone } errors { code field }
    } }"""
    assert (await ada.data(change))["updateUserSettings"] == {
        "settings": {"timeZone": "Asia/Tokyo"},
        "errors": [],
    }
    assert await ada.data("{ me { settings { timeZone } } }") == {
        "me": {"settings": {"timeZone": "Asia/Tokyo"}}
    }
    query = "query ($id: ID!) { userById(id: $id) { settings { timeZone } } }"
    assert (await staff.data(query, id=user_id))["userById"] == {"settings": None}


async def test_the_staff_take_in_students(academy: Academy) -> None:
    create = """mutation ($i: CreateUserInput!) {
      createUser(input: $i) { user { name role status email } errors { code } }
    }"""
    staff = await _as_staff(academy)
    new = {"email": "new@example.org", "firstName": "New", "lastName": "Student"}
    assert (await staff.data(create, i=new))["createUser"] == {
        "user": {"name": "New Student", "role": "STUDENT", "status": "ACTIVE", "email": "new@example.org"},
        "errors": [],
    }
    tutor = {**new, "email": "tutor@example.org", "role": "TUTOR"}
    assert (await staff.data(create, i=tutor))["createUser"]["errors"] == [{"code": "FORBIDDEN"}]


@pytest.mark.parametrize("late", [timedelta(minutes=14, seconds=59), timedelta(minutes=15)])
async def test_a_token_is_valid_for_a_quarter_of_an_hour(
    academy: Academy, clock: FakeClock, late: timedelta
) -> None:
    await academy.register()
    ada = await academy.logged_in("ada@example.org")
    clock.advance(late)
    answer = await ada.execute("{ me { name } }")
    if late < timedelta(minutes=15):
        assert answer == {"data": {"me": {"name": "Ada Lovelace"}}}
    else:
        assert "data" not in answer
        assert answer["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}


async def test_the_public_key_is_published_and_the_private_one_is_not(academy: Academy) -> None:
    response = await request(academy.identity.asgi, "GET", JWKS_PATH)
    (key,) = response.json()["keys"]
    assert response.status == 200
    assert (key["kty"], key["crv"], key["use"]) == ("OKP", "Ed25519", "sig")
    assert "d" not in key


async def _as_staff(academy: Academy) -> GraphQLClient:
    user_id = done(await academy.register("staff@example.org"))
    done(await academy.by_system(ActivateUser(user_id)))
    done(await academy.by_system(ChangeUserRole(user_id, UserRole.STAFF)))
    return await academy.logged_in("staff@example.org")


async def test_passwords_cannot_be_tried_without_end(academy: Academy, clock: FakeClock) -> None:
    await academy.register()

    async def attempt(email: str, password: str) -> list[dict[str, Any]]:
        tried = await academy.visitor().data(LIMITED_LOGIN, input={"email": email, "password": password})
        errors: list[dict[str, Any]] = tried["login"]["errors"]
        return errors

    wrong = [{"code": "INVALID_CREDENTIALS", "retryAfter": None}]
    for number in range(5):
        assert await attempt(["ada@example.org", " ADA@example.org "][number % 2], "x") == wrong
    assert await attempt("ada@example.org", PASSWORD) == [{"code": "LOGIN_LOCKED", "retryAfter": 60}]
    assert await attempt("bob@example.org", "x") == wrong
    clock.advance(timedelta(minutes=1))
    assert await attempt("ada@example.org", PASSWORD) == []


LIMITED_LOGIN = """
    mutation ($input: LoginInput!) { login(input: $input) { errors { code retryAfter } } }
"""


async def test_what_is_public_of_a_user_is_cached_at_once_and_nothing_else(academy: Academy) -> None:
    """Defect 13: the user object was cached whole. `user:{id}` is set on create (section 22)."""
    ada_id = str(done(await academy.register()))
    (kept,) = await academy.platform.cache.get([Entry(f"user:{ada_id}")], USER.ttl)
    assert isinstance(kept, bytes)
    assert b"Lovelace" in kept
    assert b"example.org" not in kept
    assert b"PENDING" not in kept
    ada = await academy.logged_in("ada@example.org")
    assert (await ada.data("{ me { name } }"))["me"] == {"name": "Ada Lovelace"}
    await ada.data(UPDATE, input={"firstName": "Augusta"})
    assert (await ada.data("{ me { name email } }"))["me"] == {
        "name": "Augusta Lovelace",
        "email": "ada@example.org",
    }
    assert (await Worker(academy.platform.transactions).drain()).dead == 0
