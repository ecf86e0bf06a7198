"""Who tries passwords waits, longer each time; and learns nothing by waiting."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select

from subgraphs.identity.commands import ChangePassword
from subgraphs.identity.commands.guard import LoginGuard
from subgraphs.identity.domain import LockoutRule
from subgraphs.identity.tables import login_attempts
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Failure
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.identity.academy import PASSWORD, Academy
from tests.subgraphs.people import done, refusal

NOBODY = RequestContext(None, "by hand")
HOSTILE, FRIENDLY = replace(NOBODY, address="192.0.2.1"), replace(NOBODY, address="192.0.2.2")


async def test_it_looks_the_same_whether_or_not_there_is_such_a_user(academy: Academy) -> None:
    await academy.register()
    tried = {
        email: [await academy.login(email, "wrong") for _ in range(7)]
        for email in ("ada@example.org", "nobody@example.org")
    }
    ada, nobody = tried.values()
    assert ada == nobody
    assert Counter(map(refusal, ada)) == {"INVALID_CREDENTIALS": 5, "LOGIN_LOCKED": 2}


async def test_a_hundred_at_once_are_no_better_off_than_one_after_the_other(academy: Academy) -> None:
    await academy.register()
    results = await asyncio.gather(*(academy.login(password=f"guess {number}") for number in range(20)))
    assert Counter(map(refusal, results)) == {"INVALID_CREDENTIALS": 5, "LOGIN_LOCKED": 15}


async def test_who_gets_in_has_all_attempts_again(academy: Academy, clock: FakeClock) -> None:
    await academy.register()
    for _ in range(3):
        for _ in range(4):
            assert refusal(await academy.login(password="wrong")) == "INVALID_CREDENTIALS"
        done(await academy.login())
    for _ in range(5):
        await academy.login(password="wrong")
    locked = await academy.login()
    assert isinstance(locked, Failure)
    assert (locked.error.code, locked.error.retry_after) == ("LOGIN_LOCKED", 60)
    clock.advance(timedelta(minutes=1))
    done(await academy.login())


async def test_from_one_address_many_accounts_are_not_tried_without_end(
    academy: Academy, clock: FakeClock
) -> None:
    database = academy.platform.database
    guard = LoginGuard(database, clock, LockoutRule(free=5), knows_addresses=True)
    for number in range(100):
        assert await guard.admit(f"user{number}@example.org", HOSTILE) is None
    refusal = await guard.admit("ada@example.org", HOSTILE)
    assert refusal is not None
    assert (refusal.code, refusal.retry_after) == ("LOGIN_LOCKED", 60)
    for _ in range(150):  # a school behind one address: those who know their passwords do not count
        assert await guard.admit("ada@example.org", FRIENDLY) is None
        async with database.transaction() as connection:
            await guard.succeeded(connection, "ada@example.org", FRIENDLY)
    async with database.read() as connection:
        attempts = {row.key: row.attempts for row in await connection.execute(select(login_attempts))}
    assert sorted(attempts.values())[:2] == [0, 1]
    assert not [key for key in attempts if "192" in key or "example" in key]
    clock.advance(timedelta(hours=23))
    await guard.admit("grace@example.org", NOBODY)
    clock.advance(timedelta(hours=1))
    [cleanup] = academy.identity.jobs
    assert await cleanup.do(academy.platform.transactions) == len(attempts)
    async with database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(login_attempts)) == 1


async def test_where_no_proxy_says_whose_an_address_is_it_does_not_count(
    academy: Academy, clock: FakeClock
) -> None:
    guard = LoginGuard(academy.platform.database, clock, LockoutRule(free=5), knows_addresses=False)
    for number in range(102):
        assert await guard.admit(f"user{number}@example.org", HOSTILE) is None


async def test_who_has_an_access_token_cannot_try_the_password_either(academy: Academy) -> None:
    ada = done(await academy.register())
    command = ChangePassword("wrong", "another good one")
    tried = [refusal(await academy.by(ada, "student", command)) for _ in range(6)]
    assert tried == ["WRONG_PASSWORD"] * 5 + ["LOGIN_LOCKED"]
    right = ChangePassword(PASSWORD, "another good one")
    assert refusal(await academy.by(ada, "student", right)) == "LOGIN_LOCKED"
