"""What contexts tell each other can be read in every version that was ever published."""

import inspect
from pathlib import Path

from subgraphs.contracts import CONTRACTS, gamification, identity, learning
from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.testing.golden import check_golden


def test_every_published_version_is_read_as_before(update: bool) -> None:
    check_golden(CONTRACTS, Path(__file__).parent / "golden", update=update)


def test_every_event_is_a_contract_under_its_context() -> None:
    for module in (gamification, identity, learning):
        context = module.__name__.rpartition(".")[2]
        for _, event in inspect.getmembers(module, inspect.isclass):
            if issubclass(event, IntegrationEvent) and event is not IntegrationEvent:
                assert event in CONTRACTS.classes
                assert event.type.startswith(f"{context}.")
