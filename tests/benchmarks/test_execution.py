"""The benchmark's operations have programs, and these answer as the reference interpreter does."""

import json
from pathlib import Path

from click.testing import CliRunner

from benchmarks.__main__ import bench
from benchmarks.workload.operations import SHAPES


def test_each_operation_is_compiled_and_answered_alike(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    tiny = ["execution", "--rounds", "1", "--seconds", "0.1", "--json", str(file)]
    result = CliRunner().invoke(bench, tiny)
    assert result.exit_code == 0, result.output
    figures = {one["operation"]: one for one in json.loads(file.read_text("utf-8"))["execution"]}
    assert list(figures) == list(SHAPES)
    assert {name: one["fetches"] for name, one in figures.items()} == {
        "heavy": 5,
        "two-step": 2,
        "one-fetch": 1,
        "varying": 5,
    }
    assert all(one["ratio"] > 0 for one in figures.values())
