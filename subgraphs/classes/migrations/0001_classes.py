"""Classes, enrolments, attendance, the credit ledger, and their read models."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import UtcDateTime

revision = "0001_classes"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "classes_class",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("course_id", sa.String(36), nullable=False),
        sa.Column("instructor_id", sa.String(36), nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        sa.Column("total_meetings", sa.Integer, nullable=False),
        sa.Column("last_meeting", sa.Integer, nullable=False),
        sa.Column("price_amount_minor", sa.BigInteger, nullable=False),
        sa.Column("price_currency", sa.String(3), nullable=False),
        sa.Column("weekdays", sa.Text, nullable=False),
        sa.Column("meets_at", sa.Time, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("starts_on", sa.Date),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("activated_at", UtcDateTime),
        sa.Column("completed_at", UtcDateTime),
    )
    op.create_index("classes_class_newest", "classes_class", ["created_at", "id"])
    op.create_index("classes_class_course", "classes_class", ["course_id", "created_at", "id"])
    op.create_index("classes_class_instructor", "classes_class", ["instructor_id", "created_at", "id"])
    op.create_table(
        "classes_enrollment",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("class_id", sa.String(36), sa.ForeignKey("classes_class.id"), nullable=False),
        sa.Column("student_id", sa.String(36), nullable=False),
        sa.Column("payment_amount_minor", sa.BigInteger, nullable=False),
        sa.Column("payment_currency", sa.String(3), nullable=False),
        sa.Column("credit", sa.Integer, nullable=False),
        sa.Column("enrolled_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("class_id", "student_id", name="classes_enrollment_once"),
    )
    op.create_index("classes_enrollment_student", "classes_enrollment", ["student_id", "enrolled_at", "id"])
    op.create_table(
        "classes_attendance",
        sa.Column("enrollment_id", sa.String(36), sa.ForeignKey("classes_enrollment.id"), primary_key=True),
        sa.Column("meeting", sa.Integer, primary_key=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("held_at", UtcDateTime, nullable=False),
        sa.Column("marked_by", sa.String(36), nullable=False),
        sa.Column("marked_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "classes_credit_entry",
        sa.Column("enrollment_id", sa.String(36), sa.ForeignKey("classes_enrollment.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("delta", sa.Integer, nullable=False),
        sa.Column("balance", sa.Integer, nullable=False),
        sa.Column("meeting", sa.Integer),
        sa.Column("reason", sa.Text),
        sa.Column("entered_by", sa.String(36), nullable=False),
        sa.Column("entered_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "classes_lesson_unlock",
        sa.Column("class_id", sa.String(36), sa.ForeignKey("classes_class.id"), primary_key=True),
        sa.Column("lesson_id", sa.String(36), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("unlocked_by", sa.String(36), nullable=False),
        sa.Column("unlocked_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("class_id", "place", name="classes_lesson_unlock_place"),
    )
    op.create_table(
        "classes_course",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("tutor_id", sa.String(36), nullable=False),
    )
    op.create_table(
        "classes_class_roster",
        sa.Column("enrollment_id", sa.String(36), primary_key=True),
        sa.Column("class_id", sa.String(36), nullable=False),
        sa.Column("student_id", sa.String(36), nullable=False),
        sa.Column("enrolled_at", UtcDateTime, nullable=False),
        sa.Column("credit", sa.Integer, nullable=False),
        sa.Column("present_count", sa.Integer, nullable=False),
        sa.Column("late_count", sa.Integer, nullable=False),
        sa.Column("absent_count", sa.Integer, nullable=False),
    )
    op.create_index(
        "classes_class_roster_class", "classes_class_roster", ["class_id", "enrolled_at", "enrollment_id"]
    )
    op.create_table(
        "classes_attendance_report",
        sa.Column("class_id", sa.String(36), primary_key=True),
        sa.Column("meeting", sa.Integer, primary_key=True),
        sa.Column("held_at", UtcDateTime, nullable=False),
        sa.Column("present_count", sa.Integer, nullable=False),
        sa.Column("late_count", sa.Integer, nullable=False),
        sa.Column("absent_count", sa.Integer, nullable=False),
    )
