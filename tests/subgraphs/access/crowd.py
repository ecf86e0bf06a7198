"""The town with many of everything: rows that were made as they are made always, and copies of them."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from uuid import UUID

COPIES: Final = 30


def unlock(database: Path, ids: Mapping[str, str]) -> None:
    """Have a lesson unlocked: the student has not come so far by themselves."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "INSERT INTO learning_unlocked_lesson SELECT id, ?, started_at FROM learning_student_progress"
            " WHERE student_id = ? AND course_id = ?",
            (ids["course_lesson_2"], ids["student"], ids["course"]),
        )


def crowd(database: Path, ids: Mapping[str, str]) -> None:
    """Copy a row of each list so often that nobody reads them one by one unnoticed."""
    with closing(sqlite3.connect(database)) as connection, connection:
        student, course, active = ids["student"], ids["course"], ids["active"]
        enrolled = ids["active_enrollment"]
        copies = _Copies(connection)

        copies.of("identity_user", {"id": student}, id="user", email="mail")
        copies.of("identity_profile", {"id": student}, id="user")
        copies.of("identity_session", {"user_id": student}, id="session")

        copies.of("learning_course", {"id": course}, id="course")
        copies.of("learning_course_catalog", {"course_id": course}, course_id="course")
        copies.of("learning_section", {"id": ids["course_section"]}, id="section", position=100)
        copies.of("learning_lesson", {"id": ids["course_lesson_1"]}, id="lesson", position=100)
        copies.of("learning_exercise", {"id": ids["course_quiz"]}, id="exercise", position=100)
        copies.of("learning_enrollment", {"id": ids["enrollment"]}, id="of_course", student_id="user")
        copies.of("learning_enrollment", {"id": ids["enrollment"]}, id="of_student", course_id="course")
        progress = {"student_id": student, "course_id": course}
        copies.of("learning_student_progress", progress, id="progress", course_id="course")
        copies.of("learning_progress_summary", progress, progress_id="progress", course_id="course")
        (of_course,) = connection.execute(
            "SELECT id FROM learning_student_progress WHERE student_id = ? AND course_id = ?",
            (student, course),
        ).fetchone()
        within = {"progress_id": of_course}
        copies.of("learning_exercise_progress", within, exercise_id="exercise")
        copies.of("learning_unlocked_lesson", within, lesson_id="lesson")
        copies.of("learning_quiz_attempt", within, id="attempt", attempt=100)
        copies.of("learning_coding_submission", within, id="submission", attempt=100)

        copies.of("classes_class", {"id": active}, id="class")
        copies.of("classes_enrollment", {"id": enrolled}, id="of_class", student_id="user")
        copies.of("classes_enrollment", {"id": enrolled}, id="of_user", class_id="class")
        roster = {"enrollment_id": enrolled}
        copies.of("classes_class_roster", roster, enrollment_id="of_class", student_id="user")
        copies.of("classes_class_roster", roster, enrollment_id="of_user", class_id="class")
        copies.of("classes_attendance", {"enrollment_id": enrolled}, meeting=100)
        copies.of("classes_attendance_report", {"class_id": active}, meeting=100)
        copies.of("classes_credit_entry", {"enrollment_id": enrolled}, number=100)
        copies.of("classes_lesson_unlock", {"class_id": active}, lesson_id="lesson", place=100)
        copies.of("classes_payment", {"class_id": active, "student_id": student}, id="payment")

        copies.of("gamification_standing_g1", {"player_id": student}, player_id="user")
        copies.of("gamification_leaderboard_g1", {"player_id": student, "type": "WEEKLY"}, player_id="user")
        copies.of("gamification_earned_xp_g1", {"player_id": student}, id="xp")


class _Copies:
    """What is changed of a copy: a number is counted on from, a name stands for an id of its own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._names: dict[str, int] = {}

    def of(self, table: str, where: Mapping[str, Any], **changes: str | int) -> None:
        condition = " AND ".join(f"{column} = ?" for column in where)
        cursor = self._connection.execute(f"SELECT * FROM {table} WHERE {condition}", tuple(where.values()))
        row = cursor.fetchone()
        assert row is not None, (table, where)
        original = dict(zip((column[0] for column in cursor.description), row, strict=True))
        for number in range(COPIES):
            copy = original | {column: self._value(one, number) for column, one in changes.items()}
            places = ", ".join("?" for _ in copy)
            self._connection.execute(
                f"INSERT INTO {table} ({', '.join(copy)}) VALUES ({places})", tuple(copy.values())
            )

    def _value(self, change: str | int, number: int) -> str | int:
        if isinstance(change, int):
            return change + number
        kind = self._names.setdefault(change, len(self._names) + 1)
        return str(UUID(int=kind * 1000 + number, version=4))
