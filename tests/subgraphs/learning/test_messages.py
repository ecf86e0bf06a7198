"""What learning tells itself can be read in every version that was ever stored."""

import inspect
from operator import attrgetter
from pathlib import Path

from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.messaging.registry import Registry
from subgraphs.kernel.testing.golden import check_golden
from subgraphs.learning import messages


def test_every_stored_version_is_read_as_before(update: bool) -> None:
    own = sorted(
        (
            kind
            for _, kind in inspect.getmembers(messages, inspect.isclass)
            if issubclass(kind, IntegrationEvent) and kind.__module__ == messages.__name__
        ),
        key=attrgetter("type"),
    )
    registry = Registry[IntegrationEvent](attrgetter("type"), own)
    check_golden(registry, Path(__file__).parent / "golden", update=update)
