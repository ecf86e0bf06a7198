"""What identity does from time to time. Requirement: section 1, jobs."""

from datetime import timedelta

from sqlalchemy import select

from subgraphs.identity.domain import Session, SessionId, UserId
from subgraphs.identity.repository.sessions import MOST_SESSIONS, SessionRepository
from subgraphs.identity.secrets import Secret
from subgraphs.identity.tables import refresh_tokens, sessions
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.identity.academy import Academy
from tests.subgraphs.people import done


async def start_session(academy: Academy, user_id: UserId) -> str:
    platform = academy.platform
    async with platform.transactions.begin("identity", RequestContext.of_system(platform.ids)) as work:
        session = Session.start(
            SessionId.new(work.ids), user_id=user_id, token=Secret.new().hash, user_agent=None, now=work.now
        )
        await SessionRepository(work.connection).start(work, session)
    return str(session.id)


async def kept(academy: Academy) -> tuple[set[str], set[str]]:
    """The sessions that are stored, and those whose tokens are."""
    async with academy.platform.database.read() as connection:
        return (
            set(await connection.scalars(select(sessions.c.id))),
            set(await connection.scalars(select(refresh_tokens.c.session_id))),
        )


async def test_user_cleanup_forgets_sessions_that_have_expired(academy: Academy, clock: FakeClock) -> None:
    """Whether or not their owners ever come back."""
    ada = done(await academy.register())
    await start_session(academy, ada)
    clock.advance(timedelta(days=20))
    later = await start_session(academy, ada)
    clock.advance(timedelta(days=10))
    [cleanup] = academy.identity.jobs
    assert cleanup.name == "identity.user_cleanup"
    assert await cleanup.do(academy.platform.transactions) == 1
    assert await kept(academy) == ({later}, {later})
    assert await cleanup.do(academy.platform.transactions) == 0


async def test_who_is_logged_in_everywhere_leaves_the_session_used_least_recently(
    academy: Academy, clock: FakeClock
) -> None:
    ada = done(await academy.register())
    begun = []
    for _ in range(MOST_SESSIONS + 1):
        begun.append(await start_session(academy, ada))
        clock.advance(timedelta(seconds=1))
    assert await kept(academy) == (set(begun[1:]), set(begun[1:]))
