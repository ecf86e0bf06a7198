"""Assignments, submissions, feedback; courses, classes and who takes them."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import UtcDateTime

revision = "0001_assignments"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "assessment_assignment",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("course_id", sa.String(36), nullable=False),
        sa.Column("class_id", sa.String(36)),
        sa.Column("instructor_id", sa.String(36), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("instructions", sa.Text, nullable=False),
        sa.Column("submission_types", sa.String(64), nullable=False),
        sa.Column("max_points", sa.Integer, nullable=False),
        sa.Column("due_at", UtcDateTime),
        sa.Column("takes_late", sa.Boolean, nullable=False),
        sa.Column("takes_again", sa.Boolean, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
    )
    op.create_index(
        "assessment_assignment_of_course", "assessment_assignment", ["course_id", "created_at", "id"]
    )
    op.create_index(
        "assessment_assignment_of_class", "assessment_assignment", ["class_id", "created_at", "id"]
    )
    op.create_table(
        "assessment_submission",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("assignment_id", sa.String(36), sa.ForeignKey("assessment_assignment.id"), nullable=False),
        sa.Column("student_id", sa.String(36), nullable=False),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("is_late", sa.Boolean, nullable=False),
        sa.Column("submitted_at", UtcDateTime, nullable=False),
        sa.Column("points", sa.Integer),
        sa.Column("max_points", sa.Integer),
        sa.Column("graded_by", sa.String(36)),
        sa.Column("graded_at", UtcDateTime),
        sa.UniqueConstraint("assignment_id", "student_id", name="assessment_submission_once"),
    )
    op.create_index(
        "assessment_submission_of_assignment",
        "assessment_submission",
        ["assignment_id", "submitted_at", "id"],
    )
    op.create_index(
        "assessment_submission_of_student", "assessment_submission", ["student_id", "submitted_at", "id"]
    )
    op.create_table(
        "assessment_feedback",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("submission_id", sa.String(36), sa.ForeignKey("assessment_submission.id"), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("given_by", sa.String(36), nullable=False),
        sa.Column("given_at", UtcDateTime, nullable=False),
    )
    op.create_index("assessment_feedback_of_submission", "assessment_feedback", ["submission_id", "given_at"])
    op.create_table(
        "assessment_course",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("tutor_id", sa.String(36), nullable=False),
    )
    op.create_table(
        "assessment_class",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("course_id", sa.String(36), nullable=False),
        sa.Column("instructor_id", sa.String(36), nullable=False),
    )
    op.create_table(
        "assessment_participant",
        sa.Column("student_id", sa.String(36), primary_key=True),
        sa.Column("place_id", sa.String(36), primary_key=True),
    )
    op.create_index("assessment_participant_of_place", "assessment_participant", ["place_id"])
