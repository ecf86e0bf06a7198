"""Applications to run."""

import shutil
import signal
from pathlib import Path

import pytest

from tests.dev.academy import Academy, copied
from tests.dev.process import plait_dev
from tests.dev.workshop import open_workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Path:
    """The root of a small application that a test may edit."""
    return open_workshop(tmp_path / "root")


@pytest.fixture(scope="session")
def academy_code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a copy of this repository's platform, which the tests may not edit."""
    return copied(tmp_path_factory.mktemp("academy"))


@pytest.fixture(scope="session")
def seeded(academy_code: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an academy that was seeded at the second try: the first one was interrupted."""
    folder = tmp_path_factory.mktemp("seeded") / "data"
    with plait_dev(academy_code, folder) as process:
        process.says("Seeding the academy")
        ended = process.stops()
        assert (ended.status, ended.output.splitlines()[-1]) == (130, "Stopped.")
        assert "Traceback" not in ended.output
    with plait_dev(academy_code, folder) as process:
        process.says("beginning anew")
        process.is_ready()
        assert process.stops(signal.SIGTERM).status == 0
    return folder


@pytest.fixture
def academy(academy_code: Path, seeded: Path, tmp_path: Path) -> Academy:
    """The platform, with data of its own."""
    return Academy(academy_code, shutil.copytree(seeded, tmp_path / "data"))
