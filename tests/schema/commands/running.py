"""Running `plait` in this process, as a user does in a shell."""

import sys
from dataclasses import dataclass

import pytest

from plait_schema.cli import main


@dataclass(frozen=True)
class Ran:
    exit_code: int
    out: str
    err: str


def run_plait(*arguments: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ran:
    """The exit code, and what was written to standard output and standard error."""
    monkeypatch.setattr(sys, "argv", ["plait", *arguments])
    with pytest.raises(SystemExit) as exit_:
        main()
    captured = capsys.readouterr()
    code = exit_.value.code
    assert isinstance(code, int)
    return Ran(code, captured.out, captured.err)
