"""What the log of a process looks like: a line an event, coloured on a terminal."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import structlog


def configure_logs(level: int = logging.INFO) -> None:
    """Write events of this level and above to standard error. May be called again to change the level."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=22),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


@contextmanager
def only_warnings() -> Iterator[None]:
    """Leave out what is not worth a look while something does in seconds what users do in weeks."""
    configure_logs(logging.WARNING)
    try:
        yield
    finally:
        configure_logs()
