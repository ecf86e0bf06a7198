"""What a saga's handler answers besides the new state: what is to be done."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from subgraphs.kernel.messaging.integration import IntegrationEvent


@dataclass(frozen=True, slots=True)
class Send:
    """Give a message to one consumer. Its key is the saga's correlation key, unless it says otherwise."""

    message: IntegrationEvent
    to: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Publish:
    """Tell everybody. Its key is the saga's correlation key, unless it says otherwise."""

    event: IntegrationEvent
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Begin:
    """A step has begun, or begins again if it is open: it is over when a handler of the step answers
    `Finish`, and late after `timeout`."""

    step: str
    timeout: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Finish:
    """The step that the handler belongs to is done. If the saga does not succeed, it is compensated."""


@dataclass(frozen=True, slots=True)
class Complete:
    """The saga has succeeded. No step may be open."""


@dataclass(frozen=True, slots=True)
class Fail:
    """The saga cannot succeed: what was done is undone."""

    reason: str


Output: TypeAlias = Send | Publish | Begin | Finish | Complete | Fail
"""A handler's."""

Farewell: TypeAlias = Send | Publish
"""What can still be said when a saga has been undone."""
