"""Access tokens of those who are deleted, shut out, or something else by now are good no more."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from subgraphs.identity.commands import (
    ActivateUser,
    ChangePassword,
    ChangeUserRole,
    DeactivateUser,
    DeleteUser,
    UpdateUser,
)
from subgraphs.identity.domain import UserRole
from subgraphs.identity.domain.profile import SetTo
from subgraphs.kernel.running.retention import Retention
from subgraphs.kernel.settings import Settings
from subgraphs.kernel.store.tables import withdrawal
from subgraphs.kernel.testing.client import GraphQLClient
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.identity.academy import LOGIN, PASSWORD, Academy, opened
from tests.subgraphs.people import done

_ME = "{ me { role } }"
_REFRESH = "mutation ($i: RefreshTokenInput!) { refreshToken(input: $i) { accessToken errors { code } } }"
_WITHDRAWN = {
    "errors": [
        {
            "message": "the token has been withdrawn: refresh it, or log in again",
            "extensions": {"code": "UNAUTHENTICATED"},
        }
    ]
}


async def log_in(academy: Academy) -> dict[str, Any]:
    answer = await academy.visitor().data(LOGIN, input={"email": "ada@example.org", "password": PASSWORD})
    login: dict[str, Any] = answer["login"]
    return login


async def ask_me(academy: Academy, access_token: str) -> Any:
    return await GraphQLClient(academy.identity.asgi, token=access_token).execute(_ME)


@pytest.mark.parametrize(
    "command",
    [
        DeleteUser,
        lambda user_id: DeactivateUser(user_id, "asked to"),
        lambda user_id: ChangeUserRole(user_id, UserRole.TUTOR),
    ],
    ids=["deleted", "deactivated", "another-role"],
)
async def test_a_token_of_what_somebody_was_is_refused_at_once(academy: Academy, command: Any) -> None:
    """Nobody has handled a message yet, no second has passed."""
    user_id = done(await academy.register())
    done(await academy.by_system(ActivateUser(user_id)))
    token = (await log_in(academy))["accessToken"]
    assert (await ask_me(academy, token))["data"] == {"me": {"role": "STUDENT"}}
    done(await academy.by_system(command(user_id)))
    assert await ask_me(academy, token) == _WITHDRAWN


async def test_who_has_another_role_goes_on_with_a_token_that_says_so(academy: Academy) -> None:
    """Though it is signed in the same second."""
    user_id = done(await academy.register())
    done(await academy.by_system(ActivateUser(user_id)))
    session = await log_in(academy)
    done(await academy.by_system(ChangeUserRole(user_id, UserRole.TUTOR)))
    answer = await academy.visitor().data(_REFRESH, i={"refreshToken": session["refreshToken"]})
    token = answer["refreshToken"]["accessToken"]
    assert (await ask_me(academy, token))["data"] == {"me": {"role": "TUTOR"}}
    done(await academy.by_system(UpdateUser(user_id, first_name=SetTo("Augusta"))))
    assert (await ask_me(academy, token))["data"] == {"me": {"role": "TUTOR"}}


async def test_who_is_let_in_again_logs_in_anew(academy: Academy) -> None:
    user_id = done(await academy.register())
    token = (await log_in(academy))["accessToken"]
    done(await academy.by_system(DeactivateUser(user_id, "a mistake")))
    done(await academy.by_system(ActivateUser(user_id)))
    assert await ask_me(academy, token) == _WITHDRAWN
    assert "errors" not in await ask_me(academy, (await log_in(academy))["accessToken"])


async def test_a_session_that_has_ended_takes_its_tokens_along_and_no_others(academy: Academy) -> None:
    done(await academy.register())
    mine, other = await log_in(academy), await log_in(academy)
    logout = "mutation { logout { errors { code } } }"
    await GraphQLClient(academy.identity.asgi, token=mine["accessToken"]).data(logout)
    assert await ask_me(academy, mine["accessToken"]) == _WITHDRAWN
    for _ in range(2):  # the second time it has been used
        await academy.visitor().data(_REFRESH, i={"refreshToken": other["refreshToken"]})
    assert await ask_me(academy, other["accessToken"]) == _WITHDRAWN


async def test_another_password_leaves_the_session_that_has_chosen_it(academy: Academy) -> None:
    user_id = done(await academy.register())
    mine, other = await log_in(academy), await log_in(academy)
    change = ChangePassword(PASSWORD, "another horse battery staple")
    session_id = await _session_of(academy, mine["accessToken"])
    done(await academy.by(user_id, "student", change, session_id=session_id))
    assert (await ask_me(academy, mine["accessToken"]))["data"] == {"me": {"role": "STUDENT"}}
    assert await ask_me(academy, other["accessToken"]) == _WITHDRAWN


async def test_other_processes_hear_of_it_when_they_look(
    academy: Academy, tmp_path: Path, clock: FakeClock
) -> None:
    """Of a database that both use; and one that begins now knows before it serves anybody."""
    user_id = done(await academy.register())
    token = (await log_in(academy))["accessToken"]
    async with opened(Settings(tmp_path, password_rounds=4), clock) as neighbour:
        done(await academy.by_system(DeleteUser(user_id)))
        await academy.work()
        assert "errors" not in await ask_me(neighbour, token)
        await neighbour.platform.withdrawals.look()
        assert await ask_me(neighbour, token) == _WITHDRAWN
        assert await ask_me(academy, token) == _WITHDRAWN


async def test_what_has_been_withdrawn_is_kept_as_long_as_a_token_lives(
    academy: Academy, clock: FakeClock
) -> None:
    user_id = done(await academy.register())
    token = (await log_in(academy))["accessToken"]
    done(await academy.by_system(DeleteUser(user_id)))
    await academy.work()
    withdrawals = academy.platform.withdrawals
    clock.advance(timedelta(minutes=15))
    await withdrawals.look()
    assert withdrawals.cover(str(user_id), "any", 0)
    assert (await ask_me(academy, token))["errors"][0][
        "message"
    ] == "the token has expired: refresh it, or log in again"
    clock.advance(timedelta(minutes=2))
    await withdrawals.look()
    assert not withdrawals.cover(str(user_id), "any", 0)
    retention = Retention(academy.platform.transactions, academy.platform.settings.keep)
    await retention.prune()
    async with academy.platform.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(withdrawal)) == 0


async def _session_of(academy: Academy, access_token: str) -> str:
    client = GraphQLClient(academy.identity.asgi, token=access_token)
    sessions = (await client.data("{ sessions { id isCurrent } }"))["sessions"]
    return str(next(one["id"] for one in sessions if one["isCurrent"]))
