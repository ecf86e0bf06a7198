"""The tables of payments besides the histories of the payments themselves, which the kernel keeps.

The last ones are templates of the read models' tables, which projections.py fills.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from subgraphs.kernel.store.columns import UtcDateTime
from subgraphs.people import person_table

metadata = MetaData()

card = Table(
    "payments_card",
    metadata,
    Column("student_id", String(36), primary_key=True),
    Column("token", String(100), nullable=False),
    Column("customer", String(100)),
    Column("registered_at", UtcDateTime, nullable=False),
)

asker = Table(
    "payments_asker",
    metadata,
    Column("request_id", String(36), primary_key=True),
    Column("payment_id", String(36), nullable=False),
    Column("wants", String(16), nullable=False),
    Column("consumer", String(128), nullable=False),
    Column("key", String(128), nullable=False),
    Index("payments_asker_payment", "payment_id"),
)

provider_event = Table(
    "payments_provider_event",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("type", String(100), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
)

person = person_table("payments", metadata)
"""Users who are there, as identity tells."""

reference = Table(
    "payments_reference",
    metadata,
    Column("reference", String(255), primary_key=True),
    Column("payment_id", String(36), nullable=False),
)
"""What the provider calls payments."""

invoice = Table(
    "payments_invoice",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("year", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("payment_id", String(36), nullable=False),
    Column("student_id", String(36), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("issued_at", UtcDateTime, nullable=False),
    UniqueConstraint("payment_id", name="payments_invoice_once"),
    UniqueConstraint("year", "place", name="payments_invoice_number"),
    Index("payments_invoice_student", "student_id", "year", "place"),
)

invoice_series = Table(
    "payments_invoice_series",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last_place", Integer, nullable=False),
)

credit_note = Table(
    "payments_credit_note",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("year", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("invoice_id", String(36), nullable=False),
    Column("student_id", String(36), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("is_reversal", Boolean, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("issued_at", UtcDateTime, nullable=False),
    UniqueConstraint("year", "place", name="payments_credit_note_number"),
    Index("payments_credit_note_invoice", "invoice_id", "year", "place"),
    Index("payments_credit_note_student", "student_id", "year", "place"),
)

credit_note_series = Table(
    "payments_credit_note_series",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last_place", Integer, nullable=False),
)

subscription = Table(
    "payments_subscription",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("student_id", String(36), nullable=False),
    Column("plan", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("paid_until", UtcDateTime),
    Column("cancelled_at", UtcDateTime),
    Index("payments_subscription_student", "student_id", "started_at"),
)

purchase = Table(
    "payments_purchase",
    metadata,
    Column("payment_id", String(36), primary_key=True),
    Column("student_id", String(36), nullable=False),
    Column("bought", String(64), nullable=False),
    Column("standing", String(16)),
    Column("is_spent", Boolean, nullable=False),
    Index("payments_purchase_of_student", "student_id", "bought"),
)
"""What each payment is for, and its status as long as it stands: by that nothing is paid twice."""

bookkeeper = Table(
    "payments_bookkeeper",
    metadata,
    Column("user_id", String(36), primary_key=True),
    Column("is_active", Boolean, nullable=False),
)
"""Who looks after the books, and whether they may log in, as identity tells."""

_read_model = MetaData()

listed = Table(
    "payments_listed",
    _read_model,
    Column("payment_id", String(36), primary_key=True),
    Column("student_id", String(36), nullable=False),
    Column("status", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index("payments_listed_newest", "created_at", "payment_id"),
    Index("payments_listed_student", "student_id", "created_at", "payment_id"),
    Index("payments_listed_status", "status", "created_at", "payment_id"),
)

disputed = Table(
    "payments_disputed",
    _read_model,
    Column("payment_id", String(36), primary_key=True),
    Column("dispute", String(100), primary_key=True),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("reason", String(100), nullable=False),
    Column("status", String(8), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("respond_by", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Index("payments_disputed_newest", "opened_at", "payment_id", "dispute"),
    Index("payments_disputed_status", "status", "opened_at", "payment_id", "dispute"),
)
