"""What classes can be asked to do.

opening     create, activate and complete classes, change their packages
enrolling   put students into classes
settling    what becomes of students whose money does not come, or has gone back
teaching    mark attendance, unlock lessons, adjust credits
"""

from subgraphs.classes.access import STAFF, TEACHERS
from subgraphs.classes.commands import enrolling, opening, settling, teaching
from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.policies import has_role
from subgraphs.kernel.application.request import SYSTEM
from subgraphs.people import People


def register(bus: CommandBus, people: People) -> None:
    """Register every command with its handler. Whose class it is, the handlers ask."""
    bus.register(
        opening.CreateClass,
        opening.create_class,
        allow=STAFF,
        first=people.named({"instructorId": lambda command: command.instructor_id}),
    )
    bus.register(opening.ActivateClass, opening.activate_class, allow=TEACHERS)
    bus.register(opening.CompleteClass, opening.complete_class, allow=TEACHERS)
    bus.register(opening.AddMeetings, opening.add_meetings, allow=STAFF)
    bus.register(opening.ChangePackage, opening.change_package, allow=STAFF)
    bus.register(
        enrolling.EnrollStudent,
        enrolling.enroll_student,
        allow=STAFF,
        first=people.named({"studentId": lambda command: command.student_id}),
    )
    bus.register(settling.SuspendEnrollment, settling.suspend_enrollment, allow=has_role(SYSTEM.role))
    bus.register(settling.ResumeEnrollment, settling.resume_enrollment, allow=has_role(SYSTEM.role))
    bus.register(settling.CancelEnrollment, settling.cancel_enrollment, allow=has_role(SYSTEM.role))
    bus.register(teaching.MarkAttendance, teaching.mark_attendance, allow=TEACHERS)
    bus.register(teaching.UnlockLesson, teaching.unlock_lesson, allow=TEACHERS)
    bus.register(teaching.AdjustCredit, teaching.adjust_credit, allow=STAFF)
