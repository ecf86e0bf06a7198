"""What the log of a process looks like: a line an event, for people, or as JSON for programs."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO, cast

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.types import EventDict, Processor, WrappedLogger

from subgraphs.kernel.telemetry.tracing import current_ids


def configure_logs(level: int = logging.INFO) -> None:
    """Write events of this level and above to standard error. May be called again to change the level.

    PLAIT_LOG_FORMAT=json makes each line a JSON object. Every event has the correlation id of what it is
    about, and the ids of its trace where spans are recorded. Tracebacks show no variables: passwords go
    through those.
    """
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            add_trace,
            *(_for_programs() if os.environ.get("PLAIT_LOG_FORMAT") == "json" else _for_people()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, Unfailing(sys.stderr))),
    )


class Unfailing:
    """A file to write to. What cannot be written is lost: whoever logs has something else to do.

    Its disk may be full, or whoever reads the pipe have ended.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):
            return self._file.write(text)
        return 0

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._file.flush()


@contextmanager
def only_warnings() -> Iterator[None]:
    """Leave out what is not worth a look while something does in seconds what users do in weeks."""
    configure_logs(logging.WARNING)
    try:
        yield
    finally:
        configure_logs()


def add_trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The ids of the span in which something was logged."""
    if ids := current_ids():
        event["trace_id"], event["span_id"] = ids
    return event


def _for_people() -> tuple[Processor, ...]:
    return (
        structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False),
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            pad_event_to=22,
            exception_formatter=structlog.dev.plain_traceback,
        ),
    )


def _for_programs() -> tuple[Processor, ...]:
    return (
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
        structlog.processors.JSONRenderer(default=str),
    )
