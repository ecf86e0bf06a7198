"""Which operations clients send: counted on the way, reported from time to time.

`recorder.py` counts, and is all that a request meets; `reporting.py` takes the counts to `sinks.py`, a
registry or a file, and keeps them while a sink is away.
"""

from plait_gateway.usage.recorder import UsageRecorder
from plait_gateway.usage.reporting import UsageReporter

__all__ = ["UsageRecorder", "UsageReporter"]
