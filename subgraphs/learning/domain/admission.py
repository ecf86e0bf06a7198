"""What lets a student into the lessons of a course."""

from dataclasses import dataclass

from subgraphs.kernel.domain import ValueObject
from subgraphs.learning.domain.identifiers import LessonId


@dataclass(frozen=True, slots=True)
class Admission(ValueObject):
    """Whether the student takes the course, and the lessons that a class of theirs has opened for them."""

    is_enrolled: bool
    opened: frozenset[LessonId] = frozenset()

    def admits_to(self, lesson_id: LessonId) -> bool:
        return self.is_enrolled or lesson_id in self.opened
