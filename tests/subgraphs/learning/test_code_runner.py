"""Strangers' programs: what they may do is compute."""

import pytest

from subgraphs.learning.code_runner.sandboxed import Limits, SandboxedPython
from subgraphs.learning.domain.coding import Program, RunOutcome

pytestmark = pytest.mark.usefixtures("sandbox")

RUNNER = SandboxedPython(Limits(seconds=60, cpu_seconds=1, memory_bytes=256 << 20, output_bytes=1000))


async def outcome(source: str, stdin: str = "") -> tuple[RunOutcome, str]:
    run = await RUNNER.run(Program(source), stdin)
    return run.outcome, run.output


async def test_a_program_reads_its_input_and_writes_its_output() -> None:
    source = "import json, math, random\nprint(json.dumps(sum(map(int, input().split()))), math.floor(2.5))"
    assert await outcome(source, "1 2 3\n") == (RunOutcome.FINISHED, "6 2\n")
    assert await outcome("print('ä' + input())", "ö") == (RunOutcome.FINISHED, "äö\n")


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/passwd')",
        "open('/tmp/written', 'w')",
        "__import__('os').listdir('/proc')",
        "__import__('socket').socket()",
        "__import__('os').fork()",
        "__import__('os').execv('/bin/sh', ['sh'])",
        "__import__('os').kill(1, 0)",
        "__import__('os').chmod('/tmp', 0)",
        "__import__('os').unlink(__import__('sys').executable)",
        "__import__('resource').setrlimit(7, (99, 99))",
        "__import__('subprocess').run(['true'])",
    ],
)
async def test_a_program_cannot_leave_its_cage(attempt: str) -> None:
    source = f"try:\n    {attempt}\nexcept (PermissionError, ValueError):\n    print('caught')"
    assert await outcome(source) == (RunOutcome.FINISHED, "caught\n")


async def test_a_program_finds_no_secrets_of_ours() -> None:
    found = await outcome("import os, sys; print(dict(os.environ).keys() - {'LC_CTYPE'}, sys.argv)")
    assert found == (RunOutcome.FINISHED, "set() ['program.py']\n")


async def test_who_goes_on_for_ever_or_wants_too_much_is_stopped() -> None:
    assert await outcome("while True: pass") == (RunOutcome.TIMED_OUT, "")
    assert await outcome("while True: print('x' * 100)") == (RunOutcome.TOO_MUCH_OUTPUT, "")
    assert (await outcome("x = bytearray(1 << 30)"))[0] is RunOutcome.CRASHED
    waiting = SandboxedPython(Limits(seconds=0.5))
    assert (await waiting.run(Program("import time; time.sleep(60)"), "")).outcome is RunOutcome.TIMED_OUT


async def test_a_crash_says_why() -> None:
    run = await RUNNER.run(Program("raise ValueError('no good')"), "")
    assert run.outcome is RunOutcome.CRASHED
    assert run.error.endswith("ValueError: no good\n")
    assert "program.py" in run.error
