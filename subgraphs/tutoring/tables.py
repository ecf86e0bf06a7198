"""The tables of tutoring: first the truth, written through the repository.

The second half are templates of the search's tables, which projections.py fills and queries read.
"""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, MetaData, String, Table, Text

from subgraphs.kernel.store.columns import UtcDateTime
from subgraphs.tutoring.search.full_text import full_text_table

metadata = MetaData()

tutor = Table(
    "tutoring_tutor",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("user_id", String(36), nullable=False, unique=True),
    Column("headline", Text, nullable=False),
    Column("bio", Text, nullable=False),
    Column("subjects", JSON, nullable=False),
    Column("languages", JSON, nullable=False),
    Column("hourly_rate_minor", Integer),
    Column("hourly_rate_currency", String(3)),
    Column("time_zone", String(64), nullable=False),
    Column("windows", JSON, nullable=False),
    Column("is_verified", Boolean, nullable=False),
    Column("is_listed", Boolean, nullable=False),
    Column("is_suspended", Boolean, nullable=False),
    Column("dashboard_since", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

person = Table(
    "tutoring_person",
    metadata,
    Column("user_id", String(36), primary_key=True),
    Column("email", String(254)),
)
"""Users by their email addresses, as identity told them; null for those who are deleted."""

_read_model = MetaData()

tutor_search = Table(
    "tutoring_tutor_search",
    _read_model,
    Column("tutor_id", String(36), primary_key=True),
    Column("user_id", String(36), nullable=False),
    Column("hourly_rate_minor", Integer),
    Column("hourly_rate_currency", String(3)),
    Column("rating", Integer, nullable=False),
    Column("review_count", Integer, nullable=False),
    Column("is_verified", Boolean, nullable=False),
    Column("is_listed", Boolean, nullable=False),
    Column("offer", JSON, nullable=False),
    Column("availability", JSON, nullable=False),
    Index("tutoring_tutor_search_order", "is_listed", "is_verified", "rating", "tutor_id"),
)
"""`rating` is in hundredths of a star. Nobody reviews tutors yet: it is 0 until the context that lets them
publishes what they say."""

search_subject = Table(
    "tutoring_search_subject",
    _read_model,
    Column("tutor_id", String(36), primary_key=True),
    Column("subject_key", String(120), primary_key=True),
    Column("subject", String(60), nullable=False),
    Index("tutoring_search_subject_tutors", "subject_key", "tutor_id"),
)

search_language = Table(
    "tutoring_search_language",
    _read_model,
    Column("tutor_id", String(36), primary_key=True),
    Column("language", String(6), primary_key=True),
    Index("tutoring_search_language_tutors", "language", "tutor_id"),
)

search_window = Table(
    "tutoring_search_window",
    _read_model,
    Column("tutor_id", String(36), primary_key=True),
    Column("weekday", Integer, primary_key=True),
    Column("starts", Integer, primary_key=True),
    Column("ends", Integer, nullable=False),
    Column("time_zone", String(64), nullable=False),
    Index("tutoring_search_window_times", "time_zone", "weekday", "starts"),
)

search_text = full_text_table(
    "tutoring_search_text", _read_model, key="tutor_id", texts=("subjects", "headline", "bio")
)
"""What is found by words, the most telling first."""
