"""Whether a submission is late follows from when the assignment is due, which may change."""

from alembic import op

revision = "0002_lateness"
down_revision = "0001_assignments"


def upgrade() -> None:
    op.drop_column("assessment_submission", "is_late")
