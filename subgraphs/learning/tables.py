"""The tables of learning.

The first part is the truth, written through the repositories, and what other contexts have told. The last
two are read models: projections.py fills them in the same transaction, queries read them, and the write
side never does.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from subgraphs.kernel.store.columns import UtcDateTime
from subgraphs.people import person_table

metadata = MetaData()

person = person_table("learning", metadata)
"""Users who are there, as identity tells."""

course = Table(
    "learning_course",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("tutor_id", String(36), nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("difficulty", String(16), nullable=False),
    Column("price_amount_minor", Integer, nullable=False),
    Column("price_currency", String(3), nullable=False),
    Column("status", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("published_at", UtcDateTime),
)

section = Table(
    "learning_section",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("course_id", ForeignKey("learning_course.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("title", Text, nullable=False),
    UniqueConstraint("course_id", "position", name="learning_section_position"),
)

lesson = Table(
    "learning_lesson",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("course_id", ForeignKey("learning_course.id"), nullable=False),
    Column("section_id", ForeignKey("learning_section.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("content", Text, nullable=False),
    UniqueConstraint("section_id", "position", name="learning_lesson_position"),
    Index("learning_lesson_course", "course_id"),
)

exercise = Table(
    "learning_exercise",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("course_id", ForeignKey("learning_course.id"), nullable=False),
    Column("lesson_id", ForeignKey("learning_lesson.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("type", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("instructions", Text, nullable=False),
    Column("task", Text),
    UniqueConstraint("lesson_id", "position", name="learning_exercise_position"),
    Index("learning_exercise_course", "course_id"),
)

student_progress = Table(
    "learning_student_progress",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("student_id", String(36), nullable=False),
    Column("course_id", ForeignKey("learning_course.id"), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    UniqueConstraint("student_id", "course_id", name="learning_student_progress_once"),
)

exercise_progress = Table(
    "learning_exercise_progress",
    metadata,
    Column("progress_id", ForeignKey("learning_student_progress.id"), primary_key=True),
    Column("exercise_id", ForeignKey("learning_exercise.id"), primary_key=True),
    Column("score", Integer, nullable=False),
    Column("completed_at", UtcDateTime, nullable=False),
)

lesson_progress = Table(
    "learning_lesson_progress",
    metadata,
    Column("progress_id", ForeignKey("learning_student_progress.id"), primary_key=True),
    Column("lesson_id", ForeignKey("learning_lesson.id"), primary_key=True),
    Column("completed_at", UtcDateTime, nullable=False),
)

unlocked_lesson = Table(
    "learning_unlocked_lesson",
    metadata,
    Column("progress_id", ForeignKey("learning_student_progress.id"), primary_key=True),
    Column("lesson_id", ForeignKey("learning_lesson.id"), primary_key=True),
    Column("unlocked_at", UtcDateTime, nullable=False),
)

quiz_attempt = Table(
    "learning_quiz_attempt",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("progress_id", ForeignKey("learning_student_progress.id"), nullable=False),
    Column("exercise_id", ForeignKey("learning_exercise.id"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("answers", Text, nullable=False),
    Column("score", Integer, nullable=False),
    Column("submitted_at", UtcDateTime, nullable=False),
    UniqueConstraint("progress_id", "exercise_id", "attempt", name="learning_quiz_attempt_once"),
)

coding_submission = Table(
    "learning_coding_submission",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("progress_id", ForeignKey("learning_student_progress.id"), nullable=False),
    Column("exercise_id", ForeignKey("learning_exercise.id"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("verdicts", Text, nullable=False),
    Column("score", Integer, nullable=False),
    Column("submitted_at", UtcDateTime, nullable=False),
    UniqueConstraint("progress_id", "exercise_id", "attempt", name="learning_coding_submission_once"),
)

enrollment = Table(
    "learning_enrollment",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("course_id", ForeignKey("learning_course.id"), nullable=False),
    Column("student_id", String(36), nullable=False),
    Column("tutor_id", String(36), nullable=False),
    Column("status", String(16), nullable=False),
    Column("payment_id", String(36)),
    Column("request_id", String(36)),
    Column("enrolled_at", UtcDateTime, nullable=False),
    Column("cancelled_at", UtcDateTime),
    Column("cancel_reason", Text),
    UniqueConstraint("course_id", "student_id", name="learning_enrollment_once"),
    Index("learning_enrollment_of_student", "student_id", "enrolled_at", "id"),
    Index("learning_enrollment_of_course", "course_id", "enrolled_at", "id"),
    Index("learning_enrollment_payment", "payment_id"),
)

enrollment_request = Table(
    "learning_enrollment_request",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("course_id", ForeignKey("learning_course.id"), nullable=False),
    Column("student_id", String(36), nullable=False),
    Column("amount_minor", Integer, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("status", String(16), nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("reason", Text),
    Index(
        "learning_enrollment_request_pending",
        "course_id",
        "student_id",
        unique=True,
        sqlite_where=text("status = 'PENDING'"),
        postgresql_where=text("status = 'PENDING'"),
    ),
)

payment = Table(
    "learning_payment",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("course_id", String(36), nullable=False),
    Column("student_id", String(36), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("is_refunded", Boolean, nullable=False),
)
"""What payments has told about payments for courses: by it a payment is verified before an enrolment."""

opened_lesson = Table(
    "learning_opened_lesson",
    metadata,
    Column("student_id", String(36), primary_key=True),
    Column("lesson_id", String(36), primary_key=True),
    Column("class_id", String(36), primary_key=True),
    Column("course_id", String(36), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Index("learning_opened_lesson_course", "course_id", "student_id"),
)
"""What classes has told about lessons that an instructor has unlocked for the students of a class: who is in
two of them, and leaves one, keeps what the other has opened."""

course_catalog = Table(
    "learning_course_catalog",
    metadata,
    Column("course_id", String(36), primary_key=True),
    Column("tutor_id", String(36), nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("subject_key", Text, nullable=False),
    Column("difficulty", String(16), nullable=False),
    Column("price_amount_minor", Integer, nullable=False),
    Column("price_currency", String(3), nullable=False),
    Column("status", String(16), nullable=False),
    Column("lesson_count", Integer, nullable=False),
    Column("exercise_count", Integer, nullable=False),
    Column("reading_count", Integer, nullable=False),
    Column("quiz_count", Integer, nullable=False),
    Column("practice_count", Integer, nullable=False),
    Column("coding_count", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("published_at", UtcDateTime),
    Index("learning_course_catalog_newest", "status", "published_at", "course_id"),
    Index("learning_course_catalog_subject", "subject_key", "status", "published_at"),
    Index("learning_course_catalog_tutor", "tutor_id", "status", "published_at"),
)

course_statistics = Table(
    "learning_course_statistics",
    metadata,
    Column("course_id", String(36), primary_key=True),
    Column("enrolled_count", Integer, nullable=False),
    Column("started_count", Integer, nullable=False),
    Column("completed_count", Integer, nullable=False),
    Column("average_percent", Integer, nullable=False),
    Column("average_score", Integer),
    Column("counted_at", UtcDateTime, nullable=False, index=True),
)
"""How published courses fare, counted from time to time (jobs.py)."""

progress_summary = Table(
    "learning_progress_summary",
    metadata,
    Column("progress_id", String(36), primary_key=True),
    Column("student_id", String(36), nullable=False),
    Column("course_id", String(36), nullable=False),
    Column("completed_exercise_count", Integer, nullable=False),
    Column("completed_lesson_count", Integer, nullable=False),
    Column("score_total", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("last_activity_at", UtcDateTime, nullable=False),
    UniqueConstraint("student_id", "course_id", name="learning_progress_summary_once"),
    Index("learning_progress_summary_course", "course_id"),
)
