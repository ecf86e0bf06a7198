"""Questions and tests as they are stored: in the row of their exercise, which they never leave."""

import msgspec

from subgraphs.learning.domain.coding import CodingTask
from subgraphs.learning.domain.quiz import Quiz
from subgraphs.learning.domain.values import ExerciseType


def task_to_json(task: Quiz | CodingTask | None) -> str | None:
    return None if task is None else msgspec.json.encode(task, order="deterministic").decode()


def task_from_json(text: str | None, exercise_type: ExerciseType) -> Quiz | CodingTask | None:
    """The task of an exercise of this type, if it has one."""
    if text is None:
        return None
    if exercise_type is ExerciseType.QUIZ:
        return msgspec.json.decode(text, type=Quiz)
    return msgspec.json.decode(text, type=CodingTask)
