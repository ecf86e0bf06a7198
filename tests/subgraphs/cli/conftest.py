"""The platform's verbs, run on real databases: a SQLite file, and PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.subgraphs.cli.operator import REPOSITORY, Operator, found
from tests.subgraphs.kernel.templates import Templates


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    return Templates(tmp_path_factory.mktemp("cli-templates"))


@pytest.fixture(params=["sqlite", "postgres"])
def operator(
    request: pytest.FixtureRequest, templates: Templates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Operator]:
    """Somebody in the repository's folder, with a migrated database of each kind."""
    monkeypatch.chdir(REPOSITORY)
    with templates.copy(request, found, tmp_path) as url:
        monkeypatch.setenv("PLAIT_DATABASE_URL", url)
        monkeypatch.setenv("PLAIT_PAYMENTS_PROVIDER", "fake")
        yield Operator(tmp_path, url)


@pytest.fixture
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Somebody in the repository's folder, with an empty one for the data."""
    monkeypatch.chdir(REPOSITORY)
    monkeypatch.delenv("PLAIT_DATABASE_URL", raising=False)
    return Operator(tmp_path, f"sqlite:///{tmp_path / 'platform.db'}")
