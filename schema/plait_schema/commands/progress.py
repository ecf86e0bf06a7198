"""What a command is at, for whoever waits for it at a terminal; nothing anywhere else."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Final

_QUIET_SECONDS: Final = 1.0  # what is done sooner needs no word
_REFRESH_SECONDS: Final = 0.25
THREAD: Final = "plait-progress"
_ERASE_LINE: Final = "\r\x1b[K"


@dataclass(slots=True)
class Progress:
    """What is being done; another thread reads it now and then, so that saying it costs nothing."""

    what: str
    done: int = 0
    of: int = 0

    def tell(self, what: str, done: int = 0, of: int = 0) -> None:
        self.what, self.done, self.of = what, done, of

    def line(self, seconds: float) -> str:
        counted = f" {self.done:,} of {self.of:,}" if self.of else ""
        return f"{self.what}{counted} ({seconds:.0f} s)"


@contextmanager
def progress(what: str, *, format_: str = "text") -> Iterator[Progress]:
    """Keep a line at the foot of the terminal for the block, if there is one and people read the format."""
    at = Progress(what)
    if format_ != "text" or not _is_watched():
        yield at
        return
    done = threading.Event()
    thread = threading.Thread(target=_show, args=(at, done), name=THREAD, daemon=True)
    thread.start()
    try:
        yield at
    finally:
        done.set()
        thread.join()


def _is_watched() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("CI")


def _show(at: Progress, done: threading.Event) -> None:
    started = monotonic()
    if done.wait(_QUIET_SECONDS):
        return
    while True:
        sys.stderr.write(f"{_ERASE_LINE}{at.line(monotonic() - started)}")
        sys.stderr.flush()
        if done.wait(_REFRESH_SECONDS):
            break
    sys.stderr.write(_ERASE_LINE)
    sys.stderr.flush()
