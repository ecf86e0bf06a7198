"""How much experience an achievement is worth: exercises pay by type and score, lessons by difficulty."""

from collections.abc import Mapping

from subgraphs.gamification.domain.achievements import Difficulty, ExerciseType

_FULL_MARKS = 100

_EXERCISE_XP = {
    ExerciseType.READING: 10,
    ExerciseType.QUIZ: 20,
    ExerciseType.PRACTICE: 30,
    ExerciseType.CODING: 50,
}

_LESSON_XP = {
    Difficulty.BEGINNER: 20,
    Difficulty.INTERMEDIATE: 35,
    Difficulty.ADVANCED: 50,
}


def calculate_for_exercise(exercise_type: ExerciseType, score: int) -> int:
    """XP for an exercise done with `score` of 100, rounded half up; trying earns at least one point."""
    return max(1, (_EXERCISE_XP[exercise_type] * score + _FULL_MARKS // 2) // _FULL_MARKS)


def calculate_for_lesson(difficulty: Difficulty) -> int:
    """XP for finishing a lesson of a course of this difficulty."""
    return _LESSON_XP[difficulty]


def available_in_course(
    difficulty: Difficulty, *, lesson_count: int, exercise_counts: Mapping[ExerciseType, int]
) -> int:
    """What a student earns who finishes every lesson, with full marks in every exercise."""
    from_exercises = sum(
        count * calculate_for_exercise(exercise_type, _FULL_MARKS)
        for exercise_type, count in exercise_counts.items()
    )
    return from_exercises + lesson_count * calculate_for_lesson(difficulty)
