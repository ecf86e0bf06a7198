"""The data of the academy that the benchmark asks about: all of it follows from numbers.

A course's tutor is the user of half its number, so that any user has two courses; a lesson's number is that
of its course and a digit, and so on. Nothing is stored, and a load can ask for other entities for ever.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

Record: TypeAlias = dict[str, Any]

_PREFIX: Final = "7c0de5e7-0000-4000-8000-"
_FIRST_NAMES: Final = ("Aisha", "Zoë", "Mateo", "Ingrid", "Kofi", "Mei", "Łukasz")
_LAST_NAMES: Final = ("Rahman", "O'Brien", "Rossi", "Solberg", "Okafor")
_SUBJECTS: Final = ("Mathematics", "Physics", "Poetry", "History")
_DIFFICULTIES: Final = ("BEGINNER", "INTERMEDIATE", "ADVANCED")
_EXERCISE_TYPES: Final = ("READING", "QUIZ", "PRACTICE", "CODING")
_BADGES: Final = ("FIRST_STEPS", "THOUSAND_POINTS", "LEVEL_FIVE")
_LESSONS: Final = 4
_EXERCISES: Final = 2


def identifier(number: int) -> str:
    """The ID of the record with this number, as long as a UUID."""
    return f"{_PREFIX}{number:012}"


def number_of(identified: object) -> int:
    """The number in an ID; raises ValueError when it is not one of ours."""
    text = str(identified)
    if not text.startswith(_PREFIX):
        raise ValueError(f"there is no record with the ID {text!r}")
    return int(text.removeprefix(_PREFIX))


def user(number: int) -> Record:
    first, last = _FIRST_NAMES[number % 7], _LAST_NAMES[number % 5]
    return {
        "__typename": "User",
        "id": identifier(number),
        "name": f"{first} {last}",
        "role": "TUTOR" if number % 2 else "STUDENT",
        "createdAt": _time(number),
    }


def profile(number: int) -> Record:
    return {
        "userId": identifier(number),
        "firstName": _FIRST_NAMES[number % 7],
        "lastName": _LAST_NAMES[number % 5],
        "bio": None if number % 3 == 0 else f"Has taught {_SUBJECTS[number % 4].lower()} – and much else.",
        "skills": list(_SUBJECTS[: number % 4]),
    }


def course(number: int) -> Record:
    return {
        "__typename": "Course",
        "id": identifier(number),
        "title": f"{_SUBJECTS[number % 4]} for the curious, part {number}",
        "description": f'All that course {number} has to say about "{_SUBJECTS[number % 4]}".',
        "subject": _SUBJECTS[number % 4],
        "difficulty": _DIFFICULTIES[number % 3],
        "price": {"amountMinor": 900 + number % 97 * 100, "currency": "EUR"},
        "status": "PUBLISHED",
        "lessonCount": _LESSONS,
        "exerciseCount": _LESSONS * _EXERCISES,
        "exerciseCounts": [
            {"type": kind, "count": 1 + (number + place) % 4} for place, kind in enumerate(_EXERCISE_TYPES)
        ],
        "createdAt": _time(number),
        "publishedAt": None if number % 5 == 0 else _time(number + 1),
    }


def courses_taught(tutor: int) -> list[Record]:
    return [course(2 * tutor), course(2 * tutor + 1)]


def tutor_of(course_number: int) -> Record:
    return user(course_number // 2)


def sections(course_number: int) -> list[Record]:
    lessons = [lesson(course_number * 10 + place) for place in range(_LESSONS)]
    return [
        {
            "id": identifier(course_number * 10 + place),
            "position": place + 1,
            "title": f"Chapter {place + 1}",
            "lessons": lessons[2 * place : 2 * place + 2],
        }
        for place in range(_LESSONS // 2)
    ]


def lesson(number: int) -> Record:
    return {
        "__typename": "Lesson",
        "id": identifier(number),
        "position": number % 10 + 1,
        "title": f"Lesson {number % 10 + 1}",
    }


def exercise(number: int) -> Record:
    return {
        "__typename": "Exercise",
        "id": identifier(number),
        "position": number % 10 + 1,
        "type": _EXERCISE_TYPES[number % 4],
        "title": f"Exercise {number % 10 + 1} of {number // 10}",
    }


def exercises(lesson_number: int) -> list[Record]:
    return [exercise(lesson_number * 10 + place) for place in range(_EXERCISES)]


def learning_summary(number: int) -> Record:
    return {
        "startedCourseCount": number % 9,
        "completedCourseCount": number % 4,
        "completedExerciseCount": number % 90,
    }


def player_stats(number: int) -> Record:
    total = number * 37 % 9000
    return {
        "totalXp": total,
        "level": total // 500 + 1,
        "xpIntoLevel": total % 500,
        "xpToNextLevel": 500 - total % 500,
        "currentStreak": number % 6,
        "longestStreak": number % 6 + 3,
        "user": user(number),
        "badges": [{"type": kind, "unlockedAt": _time(number)} for kind in _BADGES[: number % 4]],
    }


def recent_xp(number: int, limit: int) -> list[Record]:
    """For exercises and lessons in turn, of the user's first course."""
    lessons = [2 * number * 10 + place % _LESSONS for place in range(limit)]
    return [
        {
            "id": identifier(number * 100 + place),
            "amount": 10 * (place + 1),
            "reason": "An exercise completed" if place % 2 == 0 else "A lesson completed",
            "source": exercise(of * 10) if place % 2 == 0 else lesson(of),
            "earnedAt": _time(number + place),
        }
        for place, of in enumerate(lessons)
    ]


def leaderboard_entry(rank: int) -> Record:
    stats = player_stats(rank)
    return {"rank": rank, "user": user(rank), "xp": 5000 - rank, "level": stats["level"]}


def xp_available(course_record: Mapping[str, Any]) -> int | None:
    """Computed from what `@requires` brings alone; null when a gateway did not bring it."""
    difficulty, counts = course_record.get("difficulty"), course_record.get("exerciseCounts")
    if difficulty is None or counts is None or course_record.get("lessonCount") is None:
        return None
    exercises_xp = sum(int(one["count"]) * (10 + len(one["type"])) for one in counts)
    lessons_xp = 5 * int(course_record["lessonCount"])
    return (_DIFFICULTIES.index(difficulty) + 1) * (lessons_xp + exercises_xp)


ENTITIES: Final[Mapping[str, Callable[[int], Record]]] = {
    "User": user,
    "Course": course,
    "Lesson": lesson,
    "Exercise": exercise,
}


def _time(number: int) -> str:
    return f"2026-0{number % 9 + 1}-1{number % 10}T0{number % 7}:30:00+00:00"
