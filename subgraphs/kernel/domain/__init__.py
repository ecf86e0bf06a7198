"""What a domain model is written in. Nothing here imports more than the standard library."""

from subgraphs.kernel.domain.clock import Clock, SystemClock
from subgraphs.kernel.domain.entity import AggregateRoot, Entity
from subgraphs.kernel.domain.errors import DomainError
from subgraphs.kernel.domain.event_sourced import EventSourced
from subgraphs.kernel.domain.events import DomainEvent, EventMetadata, RecordedEvent, UnknownEvent
from subgraphs.kernel.domain.identifiers import Identifier, IdGenerator, RandomIds
from subgraphs.kernel.domain.money import Currency, CurrencyMismatchError, Money
from subgraphs.kernel.domain.page import Page, PageRequest
from subgraphs.kernel.domain.result import Failure, Result, Success, combine
from subgraphs.kernel.domain.slice import Slice, SliceRequest
from subgraphs.kernel.domain.value_object import ValueObject

__all__ = [
    "AggregateRoot",
    "Clock",
    "Currency",
    "CurrencyMismatchError",
    "DomainError",
    "DomainEvent",
    "Entity",
    "EventMetadata",
    "EventSourced",
    "Failure",
    "IdGenerator",
    "Identifier",
    "Money",
    "Page",
    "PageRequest",
    "RandomIds",
    "RecordedEvent",
    "Result",
    "Slice",
    "SliceRequest",
    "Success",
    "SystemClock",
    "UnknownEvent",
    "ValueObject",
    "combine",
]
