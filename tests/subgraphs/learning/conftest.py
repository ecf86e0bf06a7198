import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from subgraphs.learning.code_runner import CodeRunnerUnavailableError
from subgraphs.learning.code_runner.sandboxed import Limits, SandboxedPython
from subgraphs.learning.domain.coding import Program
from tests.subgraphs.learning.school import School, open_school


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    async with open_school(tmp_path) as school:
        yield school


@pytest.fixture
async def sandbox() -> None:
    """Skips where the kernel cannot lock a program in (no Landlock or seccomp), but not in CI."""
    try:
        await SandboxedPython(Limits(seconds=60)).run(Program("pass"), "")
    except CodeRunnerUnavailableError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
