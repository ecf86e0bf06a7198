"""What the rules of assessment answer when they say no."""

from typing import Final

from subgraphs.kernel.domain import DomainError

ASSIGNMENT_NOT_FOUND: Final = DomainError(
    "ASSIGNMENT_NOT_FOUND", "There is no such assignment", "assignmentId"
)
SUBMISSION_NOT_FOUND: Final = DomainError(
    "SUBMISSION_NOT_FOUND", "There is no such submission", "submissionId"
)
COURSE_NOT_FOUND: Final = DomainError(
    "COURSE_NOT_FOUND", "There is no such course, or it is not yours", "courseId"
)
CLASS_NOT_FOUND: Final = DomainError(
    "CLASS_NOT_FOUND", "The course has no such class, or it is not yours", "classId"
)
NOT_ENROLLED: Final = DomainError("NOT_ENROLLED", "Only those who take the course or the class hand in")
DUE_DATE_PAST: Final = DomainError("DUE_DATE_PAST", "The due date lies in the past", "dueAt")
ASSIGNMENT_CLOSED: Final = DomainError("ASSIGNMENT_CLOSED", "Nothing can be handed in any more")
ASSIGNMENT_GRADED: Final = DomainError(
    "ASSIGNMENT_GRADED", "What is graded already keeps the points that it is worth", "maxPoints"
)
SUBMISSION_TYPES_MISSING: Final = DomainError(
    "SUBMISSION_TYPES_MISSING", "Say what may be handed in", "submissionTypes"
)
SUBMISSION_TYPE_NOT_ALLOWED: Final = DomainError(
    "SUBMISSION_TYPE_NOT_ALLOWED", "The assignment asks for something else", "type"
)
PAST_DUE: Final = DomainError("PAST_DUE", "The due date is over, and late submissions are not taken")
ALREADY_SUBMITTED: Final = DomainError("ALREADY_SUBMITTED", "This assignment is handed in once")
SUBMISSION_REPLACED: Final = DomainError(
    "SUBMISSION_REPLACED", "The student has handed in something else meanwhile", "attempt"
)
FEEDBACK_FULL: Final = DomainError("FEEDBACK_FULL", "Nobody reads more than a hundred pieces of feedback")
ALREADY_GRADED: Final = DomainError("ALREADY_GRADED", "What is graded is not handed in again")
