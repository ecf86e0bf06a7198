"""What a command is at is told at a terminal, and nowhere else; there it leaves nothing behind."""

import io
import sys
import threading
from threading import Event
from time import monotonic

import pytest

from plait_schema.commands.progress import THREAD, Progress, progress

DEADLINE = 20  # seconds


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def terminal_of(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Not a fixture, since standard error is captured anew after these."""
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    return shown


def wait_for(word: str, terminal: Terminal) -> None:
    end = monotonic() + DEADLINE
    while word not in terminal.getvalue():
        assert monotonic() < end
        Event().wait(0.01)


def is_shown() -> bool:
    return any(thread.name == THREAD for thread in threading.enumerate())


def test_a_line_at_the_foot_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = terminal_of(monkeypatch)
    with progress("Checking") as at:
        assert is_shown()
        wait_for("Checking (", terminal)
        at.tell("Planning operations", 1200, 5000)
        wait_for("Planning operations 1,200 of 5,000", terminal)
    assert terminal.getvalue().endswith("\r\x1b[K")
    assert "\n" not in terminal.getvalue()


def test_what_is_done_soon_needs_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = terminal_of(monkeypatch)
    with progress("Checking") as at:
        at.tell("Composing")
    assert terminal.getvalue() == ""


@pytest.mark.parametrize("reason", ["CI", "TERM", "format", "file"])
def test_nothing_anywhere_else(monkeypatch: pytest.MonkeyPatch, reason: str) -> None:
    terminal = terminal_of(monkeypatch)
    match reason:
        case "CI":
            monkeypatch.setenv("CI", "true")
        case "TERM":
            monkeypatch.setenv("TERM", "dumb")
        case "file":
            monkeypatch.setattr(terminal, "isatty", lambda: False)
    with progress("Checking", format_="json" if reason == "format" else "text"):
        assert not is_shown()
    assert terminal.getvalue() == ""


def test_what_the_line_says() -> None:
    assert Progress("Composing").line(2.4) == "Composing (2 s)"
