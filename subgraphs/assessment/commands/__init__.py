"""What assessment can be asked to do.

assigning   set assignments, change and close them
submitting  hand in
grading     grade, and say what there is to be said
"""

from subgraphs.assessment.access import INSTRUCTORS, STUDENTS
from subgraphs.assessment.commands import assigning, grading, submitting
from subgraphs.kernel.application.buses import CommandBus


def register(bus: CommandBus) -> None:
    """Register every command with its handler. Whose assignment it is, the handlers look up."""
    bus.register(assigning.CreateAssignment, assigning.create_assignment, allow=INSTRUCTORS)
    bus.register(assigning.UpdateAssignment, assigning.update_assignment, allow=INSTRUCTORS)
    bus.register(assigning.CloseAssignment, assigning.close_assignment, allow=INSTRUCTORS)
    bus.register(submitting.SubmitAssignment, submitting.submit_assignment, allow=STUDENTS)
    bus.register(grading.GradeSubmission, grading.grade_submission, allow=INSTRUCTORS)
    bus.register(grading.GiveFeedback, grading.give_feedback, allow=INSTRUCTORS)
