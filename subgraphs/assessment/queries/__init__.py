"""What assessment can be asked.

assignments  for those who teach and take the course or the class
submissions  for the student, who teaches, and the staff

The batched queries answer for many keys with one statement. What does not exist or may not be seen is
missing.
"""

from subgraphs.assessment.queries import assignments, submissions
from subgraphs.kernel.application.buses import QueryBus
from subgraphs.kernel.application.policies import authenticated


def register(bus: QueryBus) -> None:
    """Register every query. Who may see what, the handlers decide."""
    bus.register(assignments.AssignmentsById, assignments.assignments_by_id, allow=authenticated)
    bus.register(assignments.AssignmentsOf, assignments.assignments_of, allow=authenticated)
    bus.register(submissions.SubmissionsById, submissions.submissions_by_id, allow=authenticated)
    bus.register(submissions.OwnSubmissions, submissions.own_submissions, allow=authenticated)
    bus.register(
        submissions.SubmissionsOfAssignments, submissions.submissions_of_assignments, allow=authenticated
    )
    bus.register(submissions.SubmissionsOfStudents, submissions.submissions_of_students, allow=authenticated)
    bus.register(submissions.FeedbackOfSubmissions, submissions.feedback_of_submissions, allow=authenticated)
