"""The town with many of everything: rows that were made as they are made always, and copies of them."""

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from uuid import UUID

COPIES: Final = 30
_WITHIN: Final = re.compile(r"(.*)\{(\w+)\}")


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

        assignment, submission = ids["assignment"], ids["submission"]
        copies.of("assessment_assignment", {"id": assignment}, id="assignment")
        copies.of("assessment_assignment", {"id": ids["class_assignment"]}, id="of_class")
        copies.of("assessment_submission", {"id": submission}, id="of_assignment", student_id="user")
        copies.of("assessment_submission", {"id": submission}, id="of_student", assignment_id="assignment")
        copies.of("assessment_feedback", {"submission_id": submission}, id="feedback")

        payment = ids["open_payment"]
        first = {"stream": f"payments.payment-{payment}", "version": 1}
        copies.of(
            "kernel_event", first, pos=None, seq=None, stream="payments.payment-{payment}", event_id="event"
        )
        copies.of("payments_listed_g1", {"payment_id": payment}, payment_id="payment")
        copies.of("payments_invoice", {"id": ids["invoice"]}, id="invoice", payment_id="payment", place=100)
        copies.of("payments_credit_note", {"id": ids["credit_note"]}, id="credit_note", place=100)
        copies.of("payments_disputed_g1", {"payment_id": ids["payment"]}, dispute="dispute")

        tutor = ids["tutor_profile"]
        copies.of("tutoring_tutor", {"id": tutor}, id="tutor", user_id="user")
        copies.of("tutoring_tutor_search_g1", {"tutor_id": tutor}, tutor_id="tutor", user_id="user")
        taught = "tutoring_search_subject_g1"
        copies.of(taught, {"tutor_id": tutor}, tutor_id="tutor")
        copies.of(taught, {"tutor_id": tutor}, subject="subject", subject_key="subject")

        notification = ids["notification"]
        copies.of("notification_notification", {"id": notification}, id="notification", once_key="once")
        copies.of("notification_delivery", {"notification_id": notification}, notification_id="notification")


class _Copies:
    """What is changed of a copy: a number is counted on from, None is left to the database, and a name stands
    for an id of its own, at the end of a text as well, as in `payment-{payment}`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._names: dict[str, int] = {}

    def of(self, table: str, where: Mapping[str, Any], **changes: str | int | None) -> None:
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

    def _value(self, change: str | int | None, number: int) -> str | int | None:
        match change:
            case None:
                return None
            case int():
                return change + number
            case str() if named := _WITHIN.fullmatch(change):
                return f"{named[1]}{self._id(named[2], number)}"
            case str():
                return self._id(change, number)

    def _id(self, name: str, number: int) -> str:
        kind = self._names.setdefault(name, len(self._names) + 1)
        return str(UUID(int=kind * 1000 + number, version=4))
