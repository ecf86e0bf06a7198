"""Who looks after the books. What identity has told of late is known from the beginning."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0006_bookkeepers"
down_revision = "0005_credit_notes"

_TOLD = sa.table("kernel_outbox", sa.column("pos"), sa.column("type"), sa.column("data"))
_STAFF = ("staff", "admin", "super_admin")


def upgrade() -> None:
    bookkeeper = op.create_table(
        "payments_bookkeeper",
        sa.Column("user_id", sa.String(36), primary_key=True),
        sa.Column("is_active", sa.Boolean, nullable=False),
    )
    told = op.get_bind().execute(
        sa.select(_TOLD.c.type, _TOLD.c.data)
        .where(_TOLD.c.type.like("identity.user_%"))
        .order_by(_TOLD.c.pos)
    )
    known: dict[str, bool] = {}
    for type_, data in told:
        event = json.loads(data)
        match type_, event.get("role") or event.get("new_role"):
            case (("identity.user_created" | "identity.user_role_changed"), role) if role in _STAFF:
                known.setdefault(event["user_id"], True)
            case (("identity.user_role_changed" | "identity.user_deleted"), _):
                known.pop(event["user_id"], None)
            case (("identity.user_deactivated" | "identity.user_activated"), _) if event["user_id"] in known:
                known[event["user_id"]] = type_ == "identity.user_activated"
    if known:
        rows = [{"user_id": user_id, "is_active": active} for user_id, active in sorted(known.items())]
        op.bulk_insert(bookkeeper, rows)
