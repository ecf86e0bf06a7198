"""The tables of classes.

The first half is the truth, written through the repository; `credit_entry` is only ever added to. `course`,
`lesson` and `payment` are what learning and payments have told. The last two are read models: projections.py
fills them in the same transaction, queries read them, and the write side never does.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
)

from subgraphs.kernel.store.columns import UtcDateTime
from subgraphs.people import person_table

metadata = MetaData()

person = person_table("classes", metadata)
"""Users who are there, as identity tells."""

school_class = Table(
    "classes_class",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("type", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("course_id", String(36), nullable=False),
    Column("instructor_id", String(36), nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("total_meetings", Integer, nullable=False),
    Column("last_meeting", Integer, nullable=False),
    Column("price_amount_minor", BigInteger, nullable=False),
    Column("price_currency", String(3), nullable=False),
    Column("weekdays", Text, nullable=False),
    Column("meets_at", Time, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("starts_on", Date),
    Column("created_at", UtcDateTime, nullable=False),
    Column("activated_at", UtcDateTime),
    Column("completed_at", UtcDateTime),
    Index("classes_class_newest", "created_at", "id"),
    Index("classes_class_course", "course_id", "created_at", "id"),
    Index("classes_class_instructor", "instructor_id", "created_at", "id"),
)

enrollment = Table(
    "classes_enrollment",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("class_id", ForeignKey("classes_class.id"), nullable=False),
    Column("student_id", String(36), nullable=False),
    Column("payment_amount_minor", BigInteger, nullable=False),
    Column("payment_currency", String(3), nullable=False),
    Column("credit", Integer, nullable=False),
    Column("enrolled_at", UtcDateTime, nullable=False),
    Column("status", String(16), nullable=False),
    UniqueConstraint("class_id", "student_id", name="classes_enrollment_once"),
    Index("classes_enrollment_student", "student_id", "enrolled_at", "id"),
)

attendance = Table(
    "classes_attendance",
    metadata,
    Column("enrollment_id", ForeignKey("classes_enrollment.id"), primary_key=True),
    Column("meeting", Integer, primary_key=True),
    Column("status", String(16), nullable=False),
    Column("held_at", UtcDateTime, nullable=False),
    Column("marked_by", String(36), nullable=False),
    Column("marked_at", UtcDateTime, nullable=False),
)

credit_entry = Table(
    "classes_credit_entry",
    metadata,
    Column("enrollment_id", ForeignKey("classes_enrollment.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("delta", Integer, nullable=False),
    Column("balance", Integer, nullable=False),
    Column("meeting", Integer),
    Column("reason", Text),
    Column("entered_by", String(36), nullable=False),
    Column("entered_at", UtcDateTime, nullable=False),
)

lesson_unlock = Table(
    "classes_lesson_unlock",
    metadata,
    Column("class_id", ForeignKey("classes_class.id"), primary_key=True),
    Column("lesson_id", String(36), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("unlocked_by", String(36), nullable=False),
    Column("unlocked_at", UtcDateTime, nullable=False),
    UniqueConstraint("class_id", "place", name="classes_lesson_unlock_place"),
)

course = Table(
    "classes_course",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("tutor_id", String(36), nullable=False),
)

lesson = Table(
    "classes_lesson",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("course_id", String(36), nullable=False),
)

payment = Table(
    "classes_payment",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("class_id", String(36), nullable=False),
    Column("student_id", String(36), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("status", String(16), nullable=False),
    Column("initiated_at", UtcDateTime, nullable=False),
    Index("classes_payment_of_student", "class_id", "student_id", "initiated_at", "id"),
)

class_roster = Table(
    "classes_class_roster",
    metadata,
    Column("enrollment_id", String(36), primary_key=True),
    Column("class_id", String(36), nullable=False),
    Column("student_id", String(36), nullable=False),
    Column("enrolled_at", UtcDateTime, nullable=False),
    Column("credit", Integer, nullable=False),
    Column("present_count", Integer, nullable=False),
    Column("late_count", Integer, nullable=False),
    Column("absent_count", Integer, nullable=False),
    Index("classes_class_roster_class", "class_id", "enrolled_at", "enrollment_id"),
)

attendance_report = Table(
    "classes_attendance_report",
    metadata,
    Column("class_id", String(36), primary_key=True),
    Column("meeting", Integer, primary_key=True),
    Column("held_at", UtcDateTime, nullable=False),
    Column("present_count", Integer, nullable=False),
    Column("late_count", Integer, nullable=False),
    Column("absent_count", Integer, nullable=False),
)
