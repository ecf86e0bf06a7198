"""Going on with a session, and ending one."""

from dataclasses import dataclass, field, replace

from subgraphs.contracts.identity import STAFF_ROLES
from subgraphs.identity.commands.login import Tokens, issue
from subgraphs.identity.commands.storing import save_session
from subgraphs.identity.domain import (
    INVALID_REFRESH_TOKEN,
    SESSION_NOT_FOUND,
    EndReason,
    SessionId,
)
from subgraphs.identity.domain.errors import REFRESH_TOKEN_REUSED
from subgraphs.identity.repository import SessionRepository, UserRepository
from subgraphs.identity.secrets import Secret, hash_of
from subgraphs.identity.tokens import TokenIssuer
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import SYSTEM, UNAUTHENTICATED, RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class TokenReused:
    """A refusal that is on record: the session has ended with it."""

    error: DomainError = REFRESH_TOKEN_REUSED


@dataclass(frozen=True, slots=True)
class RefreshToken(Command[Tokens | TokenReused]):
    """Go on with a session: for a refresh token, once, another one and an access token."""

    refresh_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Logout(Command[SessionId]):
    """End the session of the refresh token; without one, that of who asks."""

    refresh_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class RevokeSession(Command[SessionId]):
    """End a session of one's own; the staff that of anybody."""

    session_id: SessionId


@dataclass(frozen=True, slots=True)
class Refreshing:
    """Handles RefreshToken."""

    tokens: TokenIssuer

    async def handle(
        self, command: RefreshToken, work: UnitOfWork, _: RequestContext
    ) -> Result[Tokens | TokenReused, DomainError]:
        sessions = SessionRepository(work.connection)
        shown, following = hash_of(command.refresh_token), Secret.new()
        session = await sessions.by_token(shown)
        user = await UserRepository(work.connection).get(session.user_id) if session else None
        if session is None or user is None or not user.may_log_in:
            return Failure(INVALID_REFRESH_TOKEN)
        match session.refresh(shown, following.hash, work.now):
            case Success():
                await sessions.refreshed(work, session)
                return Success(issue(user, session, following, self.tokens))
            case Failure(error) if error == REFRESH_TOKEN_REUSED:
                await save_session(session, work)
                return Success(TokenReused())
            case Failure() as refused:
                return refused


async def logout(
    command: Logout, work: UnitOfWork, request: RequestContext
) -> Result[SessionId, DomainError]:
    """Handles Logout."""
    sessions, actor = SessionRepository(work.connection), request.actor
    if command.refresh_token is not None:
        session = await sessions.by_token(hash_of(command.refresh_token))
    elif actor is not None and actor.session_id is not None:
        session = await sessions.get(SessionId(actor.session_id))
    else:
        return Failure(UNAUTHENTICATED)
    ended = session.end(EndReason.LOGGED_OUT, work.now) if session else Failure(SESSION_NOT_FOUND)
    if session is None or isinstance(ended, Failure):
        return Failure(replace(SESSION_NOT_FOUND, field="refreshToken" if command.refresh_token else None))
    await save_session(session, work)
    return Success(session.id)


async def revoke_session(
    command: RevokeSession, work: UnitOfWork, request: RequestContext
) -> Result[SessionId, DomainError]:
    """Handles RevokeSession. Somebody else's is as unknown as one that is not there."""
    sessions, actor = SessionRepository(work.connection), request.actor
    session = await sessions.get(command.session_id)
    if session is None or actor is None:
        return Failure(SESSION_NOT_FOUND)
    if str(session.user_id) != actor.id and actor.role not in (*STAFF_ROLES, SYSTEM.role):
        return Failure(SESSION_NOT_FOUND)
    ended = session.end(EndReason.REVOKED, work.now)
    if isinstance(ended, Failure):
        return ended
    await save_session(session, work)
    return Success(session.id)
