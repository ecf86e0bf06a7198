"""What players are rewarded for, in the words of learning's events."""

from enum import StrEnum


class Difficulty(StrEnum):
    """How demanding the course is."""

    BEGINNER = "BEGINNER"
    INTERMEDIATE = "INTERMEDIATE"
    ADVANCED = "ADVANCED"


class ExerciseType(StrEnum):
    """What the student did."""

    READING = "READING"
    QUIZ = "QUIZ"
    PRACTICE = "PRACTICE"
    CODING = "CODING"
