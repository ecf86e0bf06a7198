"""What an approval is of: a finding of a check."""

import sqlalchemy as sa
from alembic import op

revision = "0005_approved_findings"
down_revision = "0004_contracts"


def upgrade() -> None:
    op.add_column("registry_approval", sa.Column("check", sa.Integer))
    op.add_column("registry_approval", sa.Column("finding", sa.Text))
