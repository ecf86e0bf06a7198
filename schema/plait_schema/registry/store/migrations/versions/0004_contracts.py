"""Variants that are contracts of others, and how strict the checks of a variant are."""

import sqlalchemy as sa
from alembic import op

revision = "0004_contracts"
down_revision = "0003_checks"


def upgrade() -> None:
    op.create_table(
        "registry_contract",
        sa.Column("graph", sa.String(64), primary_key=True),
        sa.Column("variant", sa.String(64), primary_key=True),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("include", sa.JSON, nullable=False),
        sa.Column("exclude", sa.JSON, nullable=False),
        sa.Column("hide_unreachable_types", sa.Boolean, nullable=False),
    )
    op.create_table(
        "registry_check_settings",
        sa.Column("graph", sa.String(64), primary_key=True),
        sa.Column("variant", sa.String(64), primary_key=True),
        sa.Column("settings", sa.JSON, nullable=False),
    )
    op.add_column("registry_version", sa.Column("source", sa.Integer))
