"""Enrolments and what leads to them; questions, tests, and what students hand in.

Who has made progress in a course before there were enrolments takes it: nobody loses what they had begun.
"""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import UtcDateTime

revision = "0002_enrollments"
down_revision = "0001_courses"


def upgrade() -> None:
    op.add_column("learning_exercise", sa.Column("task", sa.Text))
    op.create_table(
        "learning_unlocked_lesson",
        sa.Column(
            "progress_id", sa.String(36), sa.ForeignKey("learning_student_progress.id"), primary_key=True
        ),
        sa.Column("lesson_id", sa.String(36), sa.ForeignKey("learning_lesson.id"), primary_key=True),
        sa.Column("unlocked_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "learning_quiz_attempt",
        *_handed_in(),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("submitted_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("progress_id", "exercise_id", "attempt", name="learning_quiz_attempt_once"),
    )
    op.create_table(
        "learning_coding_submission",
        *_handed_in(),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("verdicts", sa.Text, nullable=False),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("submitted_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("progress_id", "exercise_id", "attempt", name="learning_coding_submission_once"),
    )
    op.create_table(
        "learning_enrollment",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("course_id", sa.String(36), sa.ForeignKey("learning_course.id"), nullable=False),
        sa.Column("student_id", sa.String(36), nullable=False),
        sa.Column("tutor_id", sa.String(36), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("payment_id", sa.String(36)),
        sa.Column("request_id", sa.String(36)),
        sa.Column("enrolled_at", UtcDateTime, nullable=False),
        sa.Column("cancelled_at", UtcDateTime),
        sa.Column("cancel_reason", sa.Text),
        sa.UniqueConstraint("course_id", "student_id", name="learning_enrollment_once"),
    )
    op.create_index(
        "learning_enrollment_of_student", "learning_enrollment", ["student_id", "enrolled_at", "id"]
    )
    op.create_index(
        "learning_enrollment_of_course", "learning_enrollment", ["course_id", "enrolled_at", "id"]
    )
    op.create_index("learning_enrollment_payment", "learning_enrollment", ["payment_id"])
    op.create_table(
        "learning_enrollment_request",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("course_id", sa.String(36), sa.ForeignKey("learning_course.id"), nullable=False),
        sa.Column("student_id", sa.String(36), nullable=False),
        sa.Column("amount_minor", sa.Integer, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("requested_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("reason", sa.Text),
    )
    op.create_index(
        "learning_enrollment_request_pending",
        "learning_enrollment_request",
        ["course_id", "student_id"],
        unique=True,
        sqlite_where=sa.text("status = 'PENDING'"),
        postgresql_where=sa.text("status = 'PENDING'"),
    )
    op.create_table(
        "learning_payment",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("course_id", sa.String(36), nullable=False),
        sa.Column("student_id", sa.String(36), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("is_refunded", sa.Boolean, nullable=False),
    )
    op.create_table(
        "learning_opened_lesson",
        sa.Column("student_id", sa.String(36), primary_key=True),
        sa.Column("lesson_id", sa.String(36), primary_key=True),
        sa.Column("course_id", sa.String(36), nullable=False),
        sa.Column("class_id", sa.String(36), nullable=False),
        sa.Column("opened_at", UtcDateTime, nullable=False),
    )
    op.create_index("learning_opened_lesson_course", "learning_opened_lesson", ["course_id", "student_id"])
    op.execute(
        "INSERT INTO learning_enrollment (id, version, course_id, student_id, tutor_id, status, enrolled_at)"
        " SELECT progress.id, 1, course.id, progress.student_id, course.tutor_id, 'ACTIVE', "
        "progress.started_at"
        " FROM learning_student_progress AS progress"
        " JOIN learning_course AS course ON course.id = progress.course_id"
    )


def _handed_in() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column(
            "progress_id", sa.String(36), sa.ForeignKey("learning_student_progress.id"), nullable=False
        ),
        sa.Column("exercise_id", sa.String(36), sa.ForeignKey("learning_exercise.id"), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
    ]
