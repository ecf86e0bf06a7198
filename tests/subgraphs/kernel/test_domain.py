"""The building blocks of domain models."""

from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

import pytest

from subgraphs.kernel.domain import (
    AggregateRoot,
    DomainEvent,
    Entity,
    EventMetadata,
    EventSourced,
    Failure,
    Identifier,
    Page,
    PageRequest,
    RandomIds,
    RecordedEvent,
    Result,
    Success,
    combine,
)


@dataclass(frozen=True, slots=True)
class PearId(Identifier):
    pass


@dataclass(frozen=True, slots=True)
class AppleId(Identifier):
    pass


@dataclass(eq=False, kw_only=True)
class Pear(Entity[PearId]):
    weight: int


@dataclass(frozen=True, slots=True)
class Fell(DomainEvent):
    name = "test.fell"

    metres: int


@dataclass(eq=False, kw_only=True)
class Tree(AggregateRoot[AppleId]):
    height: int = 1


def test_an_entity_is_its_id_whatever_its_state() -> None:
    assert Pear(id=PearId("1"), weight=1) == Pear(id=PearId("1"), weight=2)
    assert Pear(id=PearId("1"), weight=1) != Pear(id=PearId("2"), weight=1)
    assert len({Pear(id=PearId("1"), weight=1), Pear(id=PearId("1"), weight=2)}) == 1


def test_ids_of_two_kinds_are_never_equal() -> None:
    ids: set[Identifier] = {PearId("1"), AppleId("1"), PearId("1")}
    assert len(ids) == 2


def test_seeded_ids_are_the_same_in_every_run_and_read_back() -> None:
    first, again = RandomIds(Random(7)), RandomIds(Random(7))
    made = PearId.new(first)
    assert made == PearId.new(again)
    assert made != PearId.new(first)
    assert PearId.parse(str(made).upper()) == Success(made)


def test_an_id_from_outside_must_be_a_uuid() -> None:
    result = PearId.parse("1 or 1=1", field="pearId")
    assert isinstance(result, Failure)
    assert (result.error.code, result.error.field) == ("INVALID_ID", "pearId")


def test_events_are_pulled_once_in_their_order() -> None:
    tree = Tree(id=AppleId("1"))
    tree.raise_(Fell(1))
    tree.raise_(Fell(2))
    assert tree.pull_events() == (Fell(1), Fell(2))
    assert tree.pull_events() == ()


def test_a_page_knows_whether_there_is_more() -> None:
    assert Page((1, 2), total=3, offset=0, limit=2).has_more
    assert not Page((3,), total=3, offset=2, limit=2).has_more
    assert Page((1,), total=3, offset=1, limit=1).map(str) == Page(("1",), 3, 1, 1)


def test_a_page_request_has_bounds() -> None:
    assert PageRequest.of(0, 100) == Success(PageRequest(0, 100))
    for offset, limit, field in ((-1, 1, "offset"), (0, 0, "limit"), (0, 101, "limit")):
        result = PageRequest.of(offset, limit)
        assert isinstance(result, Failure)
        assert (result.error.code, result.error.field) == ("INVALID_PAGE", field)


def test_results_are_combined_to_all_values_or_the_first_error() -> None:
    good: list[Result[int, str]] = [Success(1), Success(2)]
    assert combine(good) == Success((1, 2))
    assert combine([*good, Failure("three"), Failure("four")]) == Failure("three")
    assert combine([]) == Success(())


@dataclass(eq=False, kw_only=True)
class Trunk(EventSourced[AppleId]):
    stored_as = "test.trunk"

    metres: int = 0

    def fall(self, metres: int) -> None:
        self.raise_(Fell(metres))

    def when(self, event: DomainEvent) -> None:
        match event:
            case Fell(metres=metres):
                self.metres += metres


def test_an_event_sourced_aggregate_is_what_happened_to_it() -> None:
    trunk = Trunk(id=AppleId("1"))
    trunk.fall(2)
    trunk.fall(3)
    assert (trunk.metres, trunk.version, trunk.pull_events()) == (5, 0, (Fell(2), Fell(3)))
    again = Trunk.rehydrate(AppleId("1"), [_recorded(1, Fell(2)), _recorded(2, Fell(3))])
    assert (again.metres, again.version, again.pull_events()) == (5, 2, ())


def test_a_history_with_a_hole_is_no_history() -> None:
    with pytest.raises(ValueError, match="Trunk 1: event 3 follows event 1"):
        Trunk.rehydrate(AppleId("1"), [_recorded(1, Fell(2)), _recorded(3, Fell(3))])


def _recorded(version: int, event: DomainEvent) -> RecordedEvent[DomainEvent]:
    metadata = EventMetadata(
        event_id=str(version),
        aggregate_id="1",
        occurred_at=datetime(2025, 9, 1, tzinfo=UTC),
        correlation_id="correlation",
        causation_id=None,
        actor=None,
    )
    recorded = RecordedEvent(event, version, metadata)
    assert recorded.name == event.name
    return recorded
