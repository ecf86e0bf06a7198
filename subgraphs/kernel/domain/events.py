"""What happened inside a context."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class DomainEvent:
    """Something an aggregate did, in the past tense. Subclasses are frozen dataclasses with a `name`.

    `name` is `context.thing_happened`. Domain events stay inside their context; what others may know is
    published as an integration event.
    """

    name: ClassVar[str]
