"""A backlog is handled to its end, and memory that grows is seen."""

from dataclasses import replace

import pytest

from benchmarks.kernel.backlog import BOUND_MB, Drained, is_bounded, measure


def test_a_backlog_is_handled_to_its_end() -> None:
    lines = measure("SQLite", 60, lambda _: None)
    assert lines[-1].left == 0
    assert all(line.resident_mb > 0 for line in lines)


@pytest.mark.parametrize(("more", "expected"), [(BOUND_MB - 1, True), (BOUND_MB + 1, False)])
def test_memory_that_grows_is_seen(more: float, *, expected: bool) -> None:
    first = Drained("SQLite", 1.0, 50, 100.0, 2_000.0, 80.0)
    grown = replace(first, left=0, resident_mb=first.resident_mb + more)
    assert is_bounded([first, grown]) is expected
