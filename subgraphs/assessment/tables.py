"""The tables of assessment: assignments and submissions, and what other contexts have told of courses and
classes."""

from sqlalchemy import (
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
)

from subgraphs.kernel.store.columns import UtcDateTime

metadata = MetaData()

assignment = Table(
    "assessment_assignment",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("course_id", String(36), nullable=False),
    Column("class_id", String(36)),
    Column("instructor_id", String(36), nullable=False),
    Column("title", Text, nullable=False),
    Column("instructions", Text, nullable=False),
    Column("submission_types", String(64), nullable=False),
    Column("max_points", Integer, nullable=False),
    Column("due_at", UtcDateTime),
    Column("takes_late", Boolean, nullable=False),
    Column("takes_again", Boolean, nullable=False),
    Column("status", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("assessment_assignment_of_course", "course_id", "created_at", "id"),
    Index("assessment_assignment_of_class", "class_id", "created_at", "id"),
)

submission = Table(
    "assessment_submission",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("assignment_id", ForeignKey("assessment_assignment.id"), nullable=False),
    Column("student_id", String(36), nullable=False),
    Column("type", String(16), nullable=False),
    Column("content", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("submitted_at", UtcDateTime, nullable=False),
    Column("points", Integer),
    Column("max_points", Integer),
    Column("graded_by", String(36)),
    Column("graded_at", UtcDateTime),
    UniqueConstraint("assignment_id", "student_id", name="assessment_submission_once"),
    Index("assessment_submission_of_assignment", "assignment_id", "submitted_at", "id"),
    Index("assessment_submission_of_student", "student_id", "submitted_at", "id"),
)

feedback = Table(
    "assessment_feedback",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("submission_id", ForeignKey("assessment_submission.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("given_by", String(36), nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
    Index("assessment_feedback_of_submission", "submission_id", "given_at"),
)

course = Table(
    "assessment_course",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("tutor_id", String(36), nullable=False),
)
"""What learning has told about courses."""

class_ = Table(
    "assessment_class",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("course_id", String(36), nullable=False),
    Column("instructor_id", String(36), nullable=False),
)
"""What classes has told about classes."""

participant = Table(
    "assessment_participant",
    metadata,
    Column("student_id", String(36), primary_key=True),
    Column("place_id", String(36), primary_key=True),
    Index("assessment_participant_of_place", "place_id"),
)
"""Who takes a course, as learning has told, or a class, as classes has: `place_id` is the id of either."""
