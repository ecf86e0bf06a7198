"""What contexts tell each other can be read in every version that was ever published."""

import inspect
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import subgraphs.contracts
from subgraphs.contracts import CONTRACTS
from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.testing.golden import check_golden


def test_every_published_version_is_read_as_before(update: bool) -> None:
    check_golden(CONTRACTS, Path(__file__).parent / "golden", update=update)


def test_every_event_is_a_contract_under_its_context() -> None:
    for context in (module.name for module in iter_modules(subgraphs.contracts.__path__)):
        module = import_module(f"subgraphs.contracts.{context}")
        for _, event in inspect.getmembers(module, inspect.isclass):
            if issubclass(event, IntegrationEvent) and event.__module__ == module.__name__:
                assert event in CONTRACTS.classes
                assert event.type.startswith(f"{context}.")
