"""The server's time, carried on."""

from datetime import UTC, datetime, timedelta

from subgraphs.kernel.store.database_clock import DatabaseClock
from subgraphs.kernel.testing.clock import FakeClock

NOON = datetime(2025, 9, 1, 12, tzinfo=UTC)


def test_it_goes_on_from_what_the_server_showed_whatever_happens_to_this_machines_clock() -> None:
    here, passed = FakeClock(), [100.0]
    clock = DatabaseClock(here, lambda: passed[0])
    assert clock.now() == here.now()

    def ask() -> datetime:
        passed[0] += 2.0  # there and back
        return NOON

    clock.look(ask)
    assert clock.now() == NOON + timedelta(seconds=1)
    here.advance(timedelta(hours=3))
    passed[0] += 60
    assert clock.now() == NOON + timedelta(seconds=61)
