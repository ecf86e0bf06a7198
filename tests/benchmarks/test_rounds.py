"""Tiny rounds with real processes: they end, right answers are valid, wrong ones are not."""

import json
import shlex
import sys
from pathlib import Path

from click.testing import CliRunner

from benchmarks.__main__ import bench
from benchmarks.figures import Measured, gateway_table

_TINY = ("gateway", "--rounds", "1", "--seconds", "0.1", "--connections", "2")


def test_round_with_a_real_gateway_is_valid(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    result = CliRunner().invoke(bench, [*_TINY, "--json", str(file)])
    assert result.exit_code == 0, result.output
    assert "INVALID" not in result.stdout
    figures = json.loads(file.read_text("utf-8"))["gateway"]
    counted = {(one["server"], one["shape"]): one for one in figures if one["round"]}
    assert len(counted) == 8
    assert all(one["requests"] > 0 for one in figures)
    shapes = ("one-fetch", "two-step", "varying", "heavy")
    assert [counted["plait", shape]["fetches"] for shape in shapes] == [1, 2, 5, 5]
    assert counted["plait", "heavy"]["answer_bytes"] == counted["echo", "heavy"]["answer_bytes"]


def test_wrong_answers_make_the_figure_invalid() -> None:
    """An echo server is no gateway."""
    command = shlex.join([sys.executable, "-m", "benchmarks.measuring.echo"]) + " {port}"
    result = CliRunner().invoke(
        bench, [*_TINY, "--operations", "one-fetch,varying", "--gateway", f"wrong={command}"]
    )
    assert result.exit_code == 1, result.output
    assert "INVALID: one-fetch, wrong: a wrong answer" in result.stdout
    assert "INVALID: varying, wrong: a wrong answer" in result.stdout


def test_gateway_that_does_not_start_is_named() -> None:
    result = CliRunner().invoke(bench, [*_TINY, "--gateway", f"none={sys.executable} -c 'print(1/0)'"])
    assert result.exit_code == 1
    assert "ZeroDivisionError" in result.output


def test_memory_over_time(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    result = CliRunner().invoke(bench, ["memory", "--seconds", "0.4", "--json", str(file)])
    assert result.exit_code == 0, result.output
    samples = json.loads(file.read_text("utf-8"))["memory"]
    assert [one["requests"] for one in samples] == sorted(one["requests"] for one in samples)
    assert samples[-1]["requests"] >= 8
    assert all(one["resident_mb"] > 10 for one in samples)


def test_ratios_are_taken_within_a_round() -> None:
    """A minute in which everything is ten times slower changes no ratio."""
    rows = [("echo", 1, 10.0), ("now", 1, 30.0), ("echo", 2, 100.0), ("now", 2, 300.0), ("now", 0, 9e9)]
    table = gateway_table([_measured(*row) for row in rows], unit="echo")
    assert "165 (3.0)" in table


def test_several_gateways_are_compared_with_the_first() -> None:
    rows = [("echo", 1, 10.0), ("before", 1, 40.0), ("now", 1, 20.0)]
    table = gateway_table([_measured(*row) for row in rows], unit="echo")
    assert "CPU/before" in table
    assert table.splitlines()[-1].endswith("0.50 |")


def _measured(server: str, number: int, cpu_us: float) -> Measured:
    return Measured(
        shape="heavy",
        server=server,
        round=number,
        requests=1,
        cpu_us=cpu_us,
        per_second=1.0,
        p50_ms=1.0,
        p99_ms=1.0,
        busy=1.0,
        fetches=0.0,
        peak_mb=1.0,
        answer_bytes=1.0,
        complaint="",
    )
