"""What was written once is read for ever, or the program does not start."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from operator import attrgetter
from pathlib import Path
from typing import ClassVar

import pytest

from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.messaging.registry import Registry, RegistryError, Stored, UnknownMessageError
from subgraphs.kernel.messaging.subscriptions import Subscription, Subscriptions
from subgraphs.kernel.messaging.upcasting import JsonObject, Upcaster
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.golden import check_golden


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


@dataclass(frozen=True, slots=True)
class Ripened(IntegrationEvent):
    """Once it was a name alone, then a name and a weight in grams; now the colour counts too."""

    type: ClassVar[str] = "orchard.ripened"
    version: ClassVar[int] = 3

    name: str
    grams: int
    colour: Colour
    at: datetime


def weigh(data: JsonObject) -> JsonObject:
    return {**data, "grams": 100}


def colour(data: JsonObject) -> JsonObject:
    return {**data, "colour": "red", "at": data.get("at", "2020-01-01T00:00:00Z")}


WEIGH = Upcaster("orchard.ripened", 1, weigh)
COLOUR = Upcaster("orchard.ripened", 2, colour)


def registry(*upcasters: Upcaster) -> Registry[IntegrationEvent]:
    return Registry(attrgetter("type"), [Ripened], upcasters=upcasters)


@pytest.mark.parametrize(
    ("version", "data", "grams"),
    [
        (1, '{"name": "a"}', 100),
        (2, '{"name": "a", "grams": 70}', 70),
        (3, '{"name": "a", "grams": 70, "colour": "red", "at": "2020-01-01T00:00:00Z", "new": 1}', 70),
    ],
)
def test_every_version_is_read_as_the_newest(version: int, data: str, grams: int) -> None:
    read = registry(WEIGH, COLOUR).decode(Stored("orchard.ripened", version, data))
    assert read == Ripened("a", grams, Colour.RED, datetime(2020, 1, 1, tzinfo=UTC))


def test_what_is_written_is_the_newest_version() -> None:
    known = registry(WEIGH, COLOUR)
    event = Ripened("a", 1, Colour.GREEN, datetime(2020, 1, 1, tzinfo=UTC))
    stored = known.encode(event)
    assert (stored.type, stored.version) == ("orchard.ripened", 3)
    assert known.decode(stored) == event


@pytest.mark.parametrize(
    ("upcasters", "complaint"),
    [
        ((), "nothing leads from v1"),
        ((WEIGH,), "nothing leads from v2"),
        ((COLOUR,), "nothing leads from v1"),
        ((WEIGH, COLOUR, Upcaster("orchard.ripened", 3, weigh)), "an upcaster leads from v3"),
        ((WEIGH, COLOUR, Upcaster("orchard.ripened", 0, weigh)), "an upcaster leads from v0"),
        ((WEIGH, WEIGH), "two upcasters from orchard.ripened v1"),
    ],
)
def test_a_gap_stops_the_start(upcasters: tuple[Upcaster, ...], complaint: str) -> None:
    with pytest.raises(RegistryError, match=complaint):
        registry(*upcasters)


def test_a_consumer_who_could_not_read_everything_stops_the_start() -> None:
    async def ignore(_message: object, _work: UnitOfWork) -> None: ...

    with pytest.raises(RegistryError, match="nothing leads from v1"):
        Subscriptions().add(Subscription("cellar.store", Ripened, ignore))


def test_two_classes_of_one_name_stop_the_start() -> None:
    @dataclass(frozen=True, slots=True)
    class Other(IntegrationEvent):
        type: ClassVar[str] = "orchard.ripened"

    with pytest.raises(RegistryError, match="is both Ripened and"):
        registry(WEIGH, COLOUR).add(Other)


@pytest.mark.parametrize("stored", [Stored("orchard.ripened", 4, "{}"), Stored("orchard.fell", 1, "{}")])
def test_what_a_newer_program_wrote_is_not_guessed(stored: Stored) -> None:
    with pytest.raises(UnknownMessageError, match=rf"{stored.type} v{stored.version}"):
        registry(WEIGH, COLOUR).decode(stored)


def test_golden_files_are_written_once_and_then_checked(tmp_path: Path) -> None:
    known = registry(WEIGH, COLOUR)
    (tmp_path / "orchard.ripened.v1.json").write_text('{"name": "a"}')
    with pytest.raises(AssertionError, match=r"orchard\.ripened\.v2\.json is missing"):
        check_golden(known, tmp_path, update=True)
    (tmp_path / "orchard.ripened.v2.json").write_text('{"name": "a", "grams": 2}')
    check_golden(known, tmp_path, update=True)
    check_golden(known, tmp_path, update=False)
    heavier = registry(Upcaster("orchard.ripened", 1, lambda data: {**data, "grams": 101}), COLOUR)
    with pytest.raises(AssertionError, match=r"orchard\.ripened\.v1\.json is read differently"):
        check_golden(heavier, tmp_path, update=False)
