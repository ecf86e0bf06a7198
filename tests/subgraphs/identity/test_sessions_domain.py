"""The rules of sessions, and of trying passwords."""

from datetime import timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from subgraphs.identity.domain import EndReason, Lockout, LockoutRule, SecretHash, Session, SessionId, UserId
from subgraphs.kernel.domain import Success
from subgraphs.kernel.testing.clock import FakeClock

NOW = FakeClock().now()
FIRST, SECOND, THIRD = (SecretHash(text) for text in ("first", "second", "third"))
RULE = LockoutRule(free=3)


def started() -> Session:
    return Session.start(SessionId("s1"), user_id=UserId("ada"), token=FIRST, user_agent=None, now=NOW)


def code(result: object) -> str:
    assert hasattr(result, "error"), result
    return str(result.error.code)


def test_a_session_goes_on_with_a_token_that_is_good_once() -> None:
    session, later = started(), NOW + timedelta(days=29)
    assert session.refresh(FIRST, SECOND, later) == Success(None)
    assert (session.last_used_at, session.expires_at) == (later, later + timedelta(days=30))
    assert session.refresh(SECOND, THIRD, later) == Success(None)


def test_a_token_that_is_shown_again_ends_the_session_for_both_who_have_it() -> None:
    session = started()
    session.refresh(FIRST, SECOND, NOW)
    assert code(session.refresh(FIRST, THIRD, NOW)) == "REFRESH_TOKEN_REUSED"
    assert (session.ended_at, session.end_reason) == (NOW, EndReason.TOKEN_REUSED)
    assert code(session.refresh(SECOND, THIRD, NOW)) == "INVALID_REFRESH_TOKEN"


def test_after_thirty_days_of_silence_it_is_over() -> None:
    last = NOW + timedelta(days=30) - timedelta(microseconds=1)
    assert started().refresh(FIRST, SECOND, last) == Success(None)
    assert code(started().refresh(FIRST, SECOND, NOW + timedelta(days=30))) == "INVALID_REFRESH_TOKEN"


def test_a_session_ends_once() -> None:
    session = started()
    assert session.end(EndReason.LOGGED_OUT, NOW) == Success(None)
    assert code(session.end(EndReason.REVOKED, NOW)) == "SESSION_NOT_FOUND"
    assert session.end_reason is EndReason.LOGGED_OUT


def test_some_attempts_are_free_and_then_pauses_double() -> None:
    lockout, now, waits = Lockout(), NOW, []
    for _ in range(12):
        lockout = lockout.attempted(now, RULE)
        wait = lockout.wait(now) or timedelta(0)
        waits.append(int(wait.total_seconds() / 60))
        now += wait
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]


@for_all(st.lists(st.timedeltas(timedelta(0), timedelta(hours=2)), max_size=12))
def test_a_pause_ends_at_the_instant_that_it_says(gaps: list[timedelta]) -> None:
    """And is never longer than the longest, however hard somebody tries."""
    lockout, now = Lockout(), NOW
    for gap in gaps:
        now += gap
        if (wait := lockout.wait(now)) is None:
            lockout = lockout.attempted(now, RULE)
            continue
        assert timedelta(0) < wait <= RULE.longest_pause
        assert lockout.wait(now + wait) is None
        assert lockout.wait(now + wait - timedelta(microseconds=1)) == timedelta(microseconds=1)


@pytest.mark.parametrize(("quiet", "free"), [(timedelta(hours=23), False), (timedelta(days=1), True)])
def test_a_quiet_day_is_forgiving(quiet: timedelta, *, free: bool) -> None:
    lockout = Lockout()
    for _ in range(4):
        lockout = lockout.attempted(NOW, RULE)
    later = NOW + quiet
    assert (lockout.attempted(later, RULE).wait(later) is None) is free


def test_what_succeeded_does_not_count() -> None:
    lockout = Lockout().attempted(NOW, RULE).attempted(NOW, RULE).attempted(NOW, RULE).succeeded()
    assert (lockout.attempts, lockout.wait(NOW)) == (2, None)
    assert Lockout().succeeded().attempts == 0
