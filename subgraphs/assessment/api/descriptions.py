"""What clients read about assessment's part of the graph, where its definition does not say it itself."""

from collections.abc import Mapping
from typing import Final

_LINE: Final = "One line of 1 to 120 characters."
_PROSE: Final = "Markdown, of at most 20,000 characters."

DESCRIPTIONS: Final[Mapping[str, str]] = {
    "Assignment.title": "What it is called, in a line.",
    "Assignment.instructions": "What to do: Markdown.",
    "Assignment.submissionTypes": "In which forms it is taken.",
    "Assignment.maxPoints": "What the best work gets.",
    "Assignment.dueAt": "Until when; null when there is time for ever.",
    "Assignment.status": "Whether something may still be handed in.",
    "Assignment.instructor": "Who has asked for it, and grades.",
    "SubmissionType.TEXT": "A text as it is.",
    "SubmissionType.LINK": "The address of something: http or https.",
    "SubmissionType.FILE": "The address of an uploaded file.",
    "SubmissionType.CODE": "A program as it is.",
    "AssignmentStatus.OPEN": "It is taken.",
    "AssignmentStatus.CLOSED": "Nothing is taken any more.",
    "Submission.type": "In which form.",
    "Submission.isLate": "Whether it came after the due date, as that is now.",
    "Submission.submittedAt": "The last time.",
    "Submission.grade": "Null until it is graded.",
    "Submission.assignment": "What was asked for.",
    "Submission.student": "Whose it is.",
    "Grade.points": "Of maxPoints.",
    "Grade.maxPoints": "What the best work gets.",
    "Grade.gradedAt": "The last time.",
    "Grade.gradedBy": "The instructor, or somebody of the staff.",
    "Feedback.text": "Markdown.",
    "Feedback.givenAt": "When it was said.",
    "Feedback.givenBy": "The instructor, or somebody of the staff.",
    "CreateAssignmentInput.title": _LINE,
    "CreateAssignmentInput.submissionTypes": "In which forms it is taken: at least one.",
    "CreateAssignmentInput.maxPoints": "1 to 1,000.",
    "CreateAssignmentInput.dueAt": "Until when; without it there is time for ever.",
    "UpdateAssignmentInput.title": _LINE,
    "UpdateAssignmentInput.instructions": _PROSE,
    "UpdateAssignmentInput.maxPoints": "1 to 1,000.",
    "UpdateAssignmentInput.dueAt": "Until when, for what is handed in already as well; null: for ever.",
    "SubmitAssignmentInput.type": "One of the assignment's submissionTypes.",
}
