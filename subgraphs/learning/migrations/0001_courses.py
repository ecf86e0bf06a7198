"""Courses, progress, and their read models."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import UtcDateTime

revision = "0001_courses"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "learning_course",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("tutor_id", sa.String(36), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("difficulty", sa.String(16), nullable=False),
        sa.Column("price_amount_minor", sa.Integer, nullable=False),
        sa.Column("price_currency", sa.String(3), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.Column("published_at", UtcDateTime),
    )
    op.create_table(
        "learning_course_catalog",
        sa.Column("course_id", sa.String(36), primary_key=True),
        sa.Column("tutor_id", sa.String(36), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("subject_key", sa.Text, nullable=False),
        sa.Column("difficulty", sa.String(16), nullable=False),
        sa.Column("price_amount_minor", sa.Integer, nullable=False),
        sa.Column("price_currency", sa.String(3), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("lesson_count", sa.Integer, nullable=False),
        sa.Column("exercise_count", sa.Integer, nullable=False),
        sa.Column("reading_count", sa.Integer, nullable=False),
        sa.Column("quiz_count", sa.Integer, nullable=False),
        sa.Column("practice_count", sa.Integer, nullable=False),
        sa.Column("coding_count", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.Column("published_at", UtcDateTime),
    )
    op.create_index(
        "learning_course_catalog_newest", "learning_course_catalog", ["status", "published_at", "course_id"]
    )
    op.create_index(
        "learning_course_catalog_subject",
        "learning_course_catalog",
        ["subject_key", "status", "published_at"],
    )
    op.create_index(
        "learning_course_catalog_tutor", "learning_course_catalog", ["tutor_id", "status", "published_at"]
    )
    op.create_table(
        "learning_progress_summary",
        sa.Column("progress_id", sa.String(36), primary_key=True),
        sa.Column("student_id", sa.String(36), nullable=False),
        sa.Column("course_id", sa.String(36), nullable=False),
        sa.Column("completed_exercise_count", sa.Integer, nullable=False),
        sa.Column("completed_lesson_count", sa.Integer, nullable=False),
        sa.Column("score_total", sa.Integer, nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("last_activity_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("student_id", "course_id", name="learning_progress_summary_once"),
    )
    op.create_index("learning_progress_summary_course", "learning_progress_summary", ["course_id"])
    op.create_table(
        "learning_section",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("course_id", sa.String(36), sa.ForeignKey("learning_course.id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.UniqueConstraint("course_id", "position", name="learning_section_position"),
    )
    op.create_table(
        "learning_student_progress",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("student_id", sa.String(36), nullable=False),
        sa.Column("course_id", sa.String(36), sa.ForeignKey("learning_course.id"), nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("student_id", "course_id", name="learning_student_progress_once"),
    )
    op.create_table(
        "learning_lesson",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("course_id", sa.String(36), sa.ForeignKey("learning_course.id"), nullable=False),
        sa.Column("section_id", sa.String(36), sa.ForeignKey("learning_section.id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.UniqueConstraint("section_id", "position", name="learning_lesson_position"),
    )
    op.create_index("learning_lesson_course", "learning_lesson", ["course_id"])
    op.create_table(
        "learning_exercise",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("course_id", sa.String(36), sa.ForeignKey("learning_course.id"), nullable=False),
        sa.Column("lesson_id", sa.String(36), sa.ForeignKey("learning_lesson.id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("instructions", sa.Text, nullable=False),
        sa.UniqueConstraint("lesson_id", "position", name="learning_exercise_position"),
    )
    op.create_index("learning_exercise_course", "learning_exercise", ["course_id"])
    op.create_table(
        "learning_lesson_progress",
        sa.Column(
            "progress_id", sa.String(36), sa.ForeignKey("learning_student_progress.id"), primary_key=True
        ),
        sa.Column("lesson_id", sa.String(36), sa.ForeignKey("learning_lesson.id"), primary_key=True),
        sa.Column("completed_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "learning_exercise_progress",
        sa.Column(
            "progress_id", sa.String(36), sa.ForeignKey("learning_student_progress.id"), primary_key=True
        ),
        sa.Column("exercise_id", sa.String(36), sa.ForeignKey("learning_exercise.id"), primary_key=True),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("completed_at", UtcDateTime, nullable=False),
    )
