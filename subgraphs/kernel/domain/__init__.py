"""What a domain model is written in. Nothing here imports more than the standard library."""

from subgraphs.kernel.domain.clock import Clock, SystemClock
from subgraphs.kernel.domain.entity import AggregateRoot, Entity
from subgraphs.kernel.domain.errors import DomainError
from subgraphs.kernel.domain.events import DomainEvent
from subgraphs.kernel.domain.identifiers import Identifier, IdGenerator, RandomIds
from subgraphs.kernel.domain.page import Page, PageRequest
from subgraphs.kernel.domain.result import Failure, Result, Success
from subgraphs.kernel.domain.value_object import ValueObject

__all__ = [
    "AggregateRoot",
    "Clock",
    "DomainError",
    "DomainEvent",
    "Entity",
    "Failure",
    "IdGenerator",
    "Identifier",
    "Page",
    "PageRequest",
    "RandomIds",
    "Result",
    "Success",
    "SystemClock",
    "ValueObject",
]
