"""The lessons of learning's courses: a class unlocks those of the course that it teaches.

Of those that were written before learning told of them, the ones that are unlocked are known.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002_lessons"
down_revision = "0001_classes"


def upgrade() -> None:
    op.create_table(
        "classes_lesson",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("course_id", sa.String(36), nullable=False),
    )
    op.execute("""
        INSERT INTO classes_lesson (id, course_id)
        SELECT lesson_id, min(course_id) FROM classes_lesson_unlock
        JOIN classes_class ON classes_class.id = classes_lesson_unlock.class_id
        GROUP BY lesson_id
    """)
