"""Courses, as far as there is XP in them."""

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import strawberry

from subgraphs.gamification.domain.achievements import Difficulty, ExerciseType
from subgraphs.gamification.domain.xp_calculator import available_in_course
from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.domain import DomainError
from subgraphs.kernel.graphql.context import Info
from subgraphs.kernel.graphql.schema import Representation

strawberry.enum(Difficulty, description="What a course asks of its students.")
strawberry.enum(ExerciseType, description="What the student does in an exercise.")

_DIFFICULTIES = frozenset(Difficulty)
_EXERCISE_TYPES = frozenset(ExerciseType)


def _ask_learning() -> NoReturn:
    raise QueryError(DomainError("EXTERNAL_FIELD", "This field belongs to the subgraph learning"))


@strawberry.type
class ExerciseCount:
    type: ExerciseType = strawberry.federation.field(external=True)
    count: int = strawberry.federation.field(external=True)


@strawberry.federation.type(keys=["id"])
class Course:
    id: strawberry.ID
    representation: strawberry.Private[Representation]
    difficulty: Difficulty = strawberry.federation.field(external=True, resolver=_ask_learning)
    lesson_count: int = strawberry.federation.field(external=True, resolver=_ask_learning)
    exercise_counts: list[ExerciseCount] = strawberry.federation.field(external=True, resolver=_ask_learning)

    @strawberry.federation.field(
        requires=["difficulty lessonCount exerciseCounts { type count }"],
        description="What a student earns who finishes the course with full marks.",
    )
    def xp_available(self) -> int | None:
        match self.representation:
            case {"difficulty": str(name), "lessonCount": int(lesson_count), "exerciseCounts": list(counts)}:
                exercise_counts = _exercise_counts(counts)
                if name not in _DIFFICULTIES or exercise_counts is None:
                    return None
                return available_in_course(
                    Difficulty(name), lesson_count=lesson_count, exercise_counts=exercise_counts
                )
            case _:
                return None

    @classmethod
    def resolve_references(cls, _info: Info, keys: Sequence[Representation]) -> "Sequence[Course]":
        return [cls(id=strawberry.ID(str(key.get("id"))), representation=key) for key in keys]


def _exercise_counts(counts: list[Any]) -> Mapping[ExerciseType, int] | None:
    """None when there is a type that we have no price for."""
    found: dict[ExerciseType, int] = {}
    for each in counts:
        match each:
            case {"type": str(name), "count": int(count)} if name in _EXERCISE_TYPES:
                found[ExerciseType(name)] = count
            case _:
                return None
    return found
