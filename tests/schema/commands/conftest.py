"""A folder to work in, and `plait` in it."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.schema.commands.running import Ran, run_plait

Plait: TypeAlias = Callable[..., Ran]


@pytest.fixture
def plait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Plait:
    """Runs `plait` in an empty folder, away from the settings of this repository and of CI."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)

    def run(*arguments: str) -> Ran:
        return run_plait(*arguments, monkeypatch=monkeypatch, capsys=capsys)

    return run
