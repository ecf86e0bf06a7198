"""A lesson may be open to a student by several classes."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import UtcDateTime

revision = "0004_lessons_of_classes"
down_revision = "0003_statistics"


def upgrade() -> None:
    op.drop_index("learning_opened_lesson_course", "learning_opened_lesson")
    op.rename_table("learning_opened_lesson", "learning_opened_lesson_before")
    op.create_table(
        "learning_opened_lesson",
        sa.Column("student_id", sa.String(36), primary_key=True),
        sa.Column("lesson_id", sa.String(36), primary_key=True),
        sa.Column("class_id", sa.String(36), primary_key=True),
        sa.Column("course_id", sa.String(36), nullable=False),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint(
            "student_id", "lesson_id", "class_id", name="learning_opened_lesson_by_class"
        ),
    )
    op.create_index("learning_opened_lesson_course", "learning_opened_lesson", ["course_id", "student_id"])
    op.execute(
        "INSERT INTO learning_opened_lesson (student_id, lesson_id, class_id, course_id, opened_at)"
        " SELECT student_id, lesson_id, class_id, course_id, opened_at FROM learning_opened_lesson_before"
    )
    op.drop_table("learning_opened_lesson_before")
