"""The essentials on PostgreSQL, where many write at once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from subgraphs.contracts.notification import Template
from subgraphs.identity.commands import DeleteUser, RefreshToken, UpdateUser, VerifyEmail
from subgraphs.identity.commands.sessions import TokenReused
from subgraphs.identity.domain import SetTo, UserRole
from subgraphs.identity.tables import metadata
from subgraphs.kernel.domain import Failure, Success
from subgraphs.kernel.settings import Settings
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.postgres import TemporaryPostgres
from subgraphs.kernel.testing.schema import table_drift
from tests.subgraphs.identity.academy import PASSWORD, Academy, opened
from tests.subgraphs.people import codes, done, refusal


@pytest.fixture
async def academy(tmp_path: Path, postgres: TemporaryPostgres, clock: FakeClock) -> AsyncIterator[Academy]:
    url = postgres.url(await asyncio.to_thread(postgres.create))
    async with opened(Settings(tmp_path, database_url=url, password_rounds=4), clock) as academy:
        yield academy


async def test_from_signing_up_to_being_forgotten(academy: Academy) -> None:
    assert await table_drift(academy.platform.database, "identity", metadata) == []
    registered = await asyncio.gather(*(academy.register() for _ in range(4)))
    (ada,) = [one.value for one in registered if isinstance(one, Success)]
    assert [one.error.code for one in registered if isinstance(one, Failure)] == ["EMAIL_TAKEN"] * 3
    await academy.work()
    done(await academy.by_visitor(VerifyEmail(academy.postman.token(Template.VERIFY_EMAIL))))

    guesses = await asyncio.gather(*(academy.login(password=f"guess {number}") for number in range(12)))
    assert Counter(map(refusal, guesses)) == {"INVALID_CREDENTIALS": 5, "LOGIN_LOCKED": 7}

    grace = await academy.create("grace@example.org", UserRole.STUDENT)
    taken = UpdateUser(grace, email=SetTo("ada@example.org"))
    assert refusal(await academy.by_system(taken)) == "EMAIL_TAKEN"

    done(await academy.by_system(DeleteUser(ada)))
    await academy.work()
    done(await academy.register())


async def test_of_many_who_show_one_token_at_once_one_goes_on(academy: Academy) -> None:
    await academy.register()
    token = done(await academy.login(password=PASSWORD)).refresh_token
    results = await asyncio.gather(*(academy.by_visitor(RefreshToken(token)) for _ in range(8)))
    going_on = [one for one in results if isinstance(one, Success) and not isinstance(one.value, TokenReused)]
    assert len(going_on) == 1
    last = await academy.by_visitor(RefreshToken(going_on[0].value.refresh_token))
    assert refusal(last) == "INVALID_REFRESH_TOKEN"


async def test_what_postgresql_takes_for_no_text_is_nobodys_id(academy: Academy) -> None:
    answer = await academy.visitor().execute("query ($id: ID!) { userById(id: $id) { id } }", id="\0")
    assert answer["data"] == {"userById": None}
    assert codes(answer) == ["INVALID_TEXT"]
