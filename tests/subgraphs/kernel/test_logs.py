"""What a log line says, and what no log line may say."""

import json
import os
import sys
from contextlib import suppress

import pytest
import structlog

from subgraphs.kernel.logs import configure_logs, only_warnings


def _fail() -> None:
    password = " ".join(("open", "sesame"))
    raise ValueError(f"refused, after {len(password)} letters")


@pytest.mark.parametrize("format_", ["json", "console"])
def test_a_traceback_shows_no_variables(
    format_: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLAIT_LOG_FORMAT", format_)
    configure_logs()
    with structlog.contextvars.bound_contextvars(correlation_id="the story"):
        try:
            _fail()
        except ValueError as error:
            structlog.get_logger().error("it failed", exc_info=error)
    said = capsys.readouterr().err
    assert "ValueError" in said
    assert "_fail" in said
    assert "the story" in said
    assert "open sesame" not in said
    if format_ == "json":
        line = json.loads(said)
        assert (line["event"], line["level"], line["correlation_id"]) == ("it failed", "error", "the story")


def test_only_warnings_are_logged_meanwhile(capsys: pytest.CaptureFixture[str]) -> None:
    log = structlog.get_logger()
    with only_warnings():
        log.info("a detail")
        log.warning("a problem")
    log.info("another detail")
    said = capsys.readouterr().err
    assert "a detail" not in said
    assert "a problem" in said
    assert "another detail" in said


def test_whoever_logs_goes_on_when_nobody_reads_it_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with suppress(BrokenPipeError), os.fdopen(writer, "w", buffering=1) as broken:
        monkeypatch.setattr(sys, "stderr", broken)
        configure_logs()
        for _ in range(2):
            structlog.get_logger().error("it failed")
