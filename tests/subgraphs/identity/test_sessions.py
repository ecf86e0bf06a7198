"""Sessions through GraphQL and in the database: going on, ending, and being stolen."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from subgraphs.identity.commands import (
    ActivateUser,
    ChangeUserRole,
    DeactivateUser,
    RefreshToken,
    RevokeSession,
)
from subgraphs.identity.commands.sessions import TokenReused
from subgraphs.identity.domain import SessionId, UserRole
from subgraphs.identity.tables import metadata, refresh_tokens, sessions
from subgraphs.kernel.domain import Success
from subgraphs.kernel.testing.client import GraphQLClient, request
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.identity.academy import LOGIN, PASSWORD, Academy
from tests.subgraphs.people import done, refusal

REFRESH = """
    mutation ($input: RefreshTokenInput!) {
      refreshToken(input: $input) { accessToken refreshToken user { id } errors { code field } }
    }
"""
SESSIONS = "{ sessions { id userAgent createdAt lastUsedAt expiresAt isCurrent } }"
LOGOUT = "mutation ($input: LogoutInput) { logout(input: $input) { sessionId errors { code } } }"
REVOKE = "mutation ($i: RevokeSessionInput!) { revokeSession(input: $i) { sessionId errors { code } } }"


async def log_in(academy: Academy) -> dict[str, Any]:
    credentials = {"email": "ada@example.org", "password": PASSWORD}
    login: dict[str, Any] = (await academy.visitor().data(LOGIN, input=credentials))["login"]
    return login


async def refresh(academy: Academy, token: str) -> dict[str, Any]:
    answer = await academy.visitor().data(REFRESH, input={"refreshToken": token})
    refreshed: dict[str, Any] = answer["refreshToken"]
    return refreshed


def as_user(academy: Academy, tokens: dict[str, Any]) -> GraphQLClient:
    return GraphQLClient(academy.identity.asgi, token=tokens["accessToken"])


async def test_a_session_goes_on_and_its_role_is_what_it_is_now(academy: Academy, clock: FakeClock) -> None:
    user_id = await academy.create("staff@example.org", UserRole.STAFF)
    ada = done(await academy.register())
    first = await log_in(academy)
    clock.advance(timedelta(minutes=20))
    second = await refresh(academy, first["refreshToken"])
    assert (second["user"], second["errors"]) == ({"id": str(ada)}, [])
    assert second["refreshToken"] != first["refreshToken"]
    (session,) = (await as_user(academy, second).data(SESSIONS))["sessions"]
    assert session == {
        "id": session["id"],
        "userAgent": None,
        "createdAt": "2025-09-01T08:00:00+00:00",
        "lastUsedAt": "2025-09-01T08:20:00+00:00",
        "expiresAt": "2025-10-01T08:20:00+00:00",
        "isCurrent": True,
    }
    done(await academy.by(user_id, "staff", ActivateUser(ada)))
    done(await academy.by_system(ChangeUserRole(ada, UserRole.TUTOR)))
    third = await refresh(academy, second["refreshToken"])
    assert academy.platform.tokens.verify(third["accessToken"]).role == "tutor"


async def test_a_session_knows_what_logged_in(academy: Academy) -> None:
    await academy.register()
    credentials = {"email": "ada@example.org", "password": PASSWORD}
    body = json.dumps({"query": LOGIN, "variables": {"input": credentials}}).encode()
    for agent in ("Netscape/4.0 (x; y)", "a\x01b", "x" * 300):
        headers = {"content-type": "application/json", "user-agent": agent}
        response = await request(academy.identity.asgi, "POST", "/graphql", headers=headers, body=body)
    listed = await as_user(academy, response.json()["data"]["login"]).data(SESSIONS)
    agents = {session["userAgent"] for session in listed["sessions"]}
    assert agents == {"Netscape/4.0 (x; y)", None, "x" * 256}


async def test_a_refresh_token_that_is_shown_twice_ends_the_session_of_owner_and_thief(
    academy: Academy,
) -> None:
    await academy.register()
    stolen = await log_in(academy)
    owners = await refresh(academy, stolen["refreshToken"])
    thief = await refresh(academy, stolen["refreshToken"])
    assert thief["errors"] == [{"code": "REFRESH_TOKEN_REUSED", "field": "refreshToken"}]
    assert (thief["accessToken"], thief["user"]) == (None, None)
    owner = await refresh(academy, owners["refreshToken"])
    assert [error["code"] for error in owner["errors"]] == ["INVALID_REFRESH_TOKEN"]
    other_login = await log_in(academy)
    assert (await refresh(academy, other_login["refreshToken"]))["errors"] == []


async def test_of_many_who_show_one_token_at_once_one_goes_on_at_most(academy: Academy) -> None:
    await academy.register()
    token = done(await academy.login()).refresh_token
    results = await asyncio.gather(*(academy.by_visitor(RefreshToken(token)) for _ in range(5)))
    going_on = [one for one in results if isinstance(one, Success) and not isinstance(one.value, TokenReused)]
    assert len(going_on) == 1
    assert refusal(await academy.by_visitor(RefreshToken(going_on[0].value.refresh_token))) == (
        "INVALID_REFRESH_TOKEN"
    )


@pytest.mark.parametrize("token", ["", "nonsense", "\ud800", "x" * 100_000])
async def test_what_was_never_a_refresh_token(academy: Academy, token: str) -> None:
    assert refusal(await academy.by_visitor(RefreshToken(token))) == "INVALID_REFRESH_TOKEN"


async def test_after_thirty_days_one_logs_in_again_and_nothing_is_left_of_the_old_session(
    academy: Academy, clock: FakeClock
) -> None:
    await academy.register()
    old = done(await academy.login())
    done(await academy.by_visitor(RefreshToken(old.refresh_token)))
    clock.advance(timedelta(days=30))
    assert refusal(await academy.by_visitor(RefreshToken(old.refresh_token))) == "INVALID_REFRESH_TOKEN"
    await academy.login()
    [cleanup] = academy.identity.jobs
    await cleanup.do(academy.platform.transactions)
    async with academy.platform.database.read() as connection:
        counts = [
            await connection.scalar(select(func.count()).select_from(table))
            for table in (sessions, refresh_tokens)
        ]
    assert counts == [1, 1]


async def test_logging_out_ends_the_session(academy: Academy) -> None:
    await academy.register()
    by_access, by_refresh = await log_in(academy), await log_in(academy)
    ended = (await as_user(academy, by_access).data(LOGOUT))["logout"]
    assert (ended["errors"], ended["sessionId"] is not None) == ([], True)
    shown = {"refreshToken": by_refresh["refreshToken"]}
    assert (await academy.visitor().data(LOGOUT, input=shown))["logout"]["errors"] == []
    for tokens in (by_access, by_refresh):
        assert (await refresh(academy, tokens["refreshToken"]))["errors"][0][
            "code"
        ] == "INVALID_REFRESH_TOKEN"
    again = await academy.visitor().data(LOGOUT, input=shown)
    assert again["logout"]["errors"] == [{"code": "SESSION_NOT_FOUND"}]
    nobody = await academy.visitor().data(LOGOUT)
    assert nobody["logout"]["errors"] == [{"code": "UNAUTHENTICATED"}]


async def test_sessions_are_listed_and_ended_by_their_owner_and_the_staff_and_nobody_else(
    academy: Academy,
) -> None:
    ada_id = done(await academy.register())
    bob_id = done(await academy.register("bob@example.org"))
    phone, laptop = await log_in(academy), await log_in(academy)
    ada = as_user(academy, laptop)
    listed = (await ada.data(SESSIONS))["sessions"]
    assert sorted(session["isCurrent"] for session in listed) == [False, True]
    (other,) = [session["id"] for session in listed if not session["isCurrent"]]
    foreign = RevokeSession(SessionId(other))
    assert refusal(await academy.by(bob_id, "student", foreign)) == "SESSION_NOT_FOUND"
    assert (await ada.data(REVOKE, i={"sessionId": other}))["revokeSession"] == {
        "sessionId": other,
        "errors": [],
    }
    assert [session["isCurrent"] for session in (await ada.data(SESSIONS))["sessions"]] == [True]
    assert (await refresh(academy, phone["refreshToken"]))["errors"][0]["code"] == "INVALID_REFRESH_TOKEN"
    mine = SessionId(academy.platform.tokens.verify(laptop["accessToken"]).session_id or "")
    done(await academy.by(bob_id, "staff", RevokeSession(mine)))
    assert refusal(await academy.by(ada_id, "student", RevokeSession(mine))) == "SESSION_NOT_FOUND"
    visitor = await academy.visitor().execute(SESSIONS)
    assert visitor["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_who_is_deactivated_gets_no_further_token_and_cannot_log_in(academy: Academy) -> None:
    ada = done(await academy.register())
    tokens = done(await academy.login())
    done(await academy.by_system(DeactivateUser(ada, "spam")))
    assert refusal(await academy.by_visitor(RefreshToken(tokens.refresh_token))) == "INVALID_REFRESH_TOKEN"
    assert refusal(await academy.login(password="wrong")) == "INVALID_CREDENTIALS"
    assert refusal(await academy.login()) == "ACCOUNT_DEACTIVATED"
    async with academy.platform.database.read() as connection:
        assert await connection.scalar(select(sessions.c.end_reason)) == "account_closed"


async def test_no_table_holds_a_token_that_anybody_could_use(academy: Academy) -> None:
    await academy.register()
    tokens = done(await academy.login())
    again = done(await academy.by_visitor(RefreshToken(tokens.refresh_token)))
    async with academy.platform.database.read() as connection:
        stored = [
            str(row) for table in metadata.sorted_tables for row in await connection.execute(select(table))
        ]
    secrets = (tokens.refresh_token, again.refresh_token, tokens.access.token, PASSWORD)
    assert not [secret for secret in secrets for row in stored if secret in row]
    assert not [secret for secret in secrets if secret in repr((tokens.access, tokens, again))]
