"""What learning can be asked to do.

authoring   create, update and publish courses
filling     their sections, lessons and exercises
editing     whose courses somebody may change
studying    complete exercises and lessons, answer quizzes
coding      hand in programs
requesting  want to take a course
enrolling   take courses, and leave them
"""

from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.policies import authenticated, has_role
from subgraphs.kernel.application.request import SYSTEM
from subgraphs.kernel.domain import IdGenerator
from subgraphs.kernel.store.database import Database
from subgraphs.learning.access import AUTHORS, ENROLLERS, STUDENTS
from subgraphs.learning.code_runner import CodeRunner
from subgraphs.learning.commands import authoring, coding, enrolling, filling, requesting, studying
from subgraphs.people import People


def register(
    bus: CommandBus, *, people: People, database: Database, runner: CodeRunner, ids: IdGenerator
) -> None:
    """Register every command with its handler. What only events and sagas ask for is for the system alone."""
    internal = has_role(SYSTEM.role)
    bus.register(
        authoring.CreateCourse,
        authoring.create_course,
        allow=AUTHORS,
        first=people.named({"tutorId": lambda command: command.tutor_id}),
    )
    bus.register(authoring.UpdateCourse, authoring.update_course, allow=AUTHORS)
    bus.register(filling.AddSection, filling.add_section, allow=AUTHORS)
    bus.register(filling.AddLesson, filling.add_lesson, allow=AUTHORS)
    bus.register(filling.AddExercise, filling.add_exercise, allow=AUTHORS)
    bus.register(authoring.PublishCourse, authoring.publish_course, allow=AUTHORS)
    bus.register(studying.CompleteExercise, studying.complete_exercise, allow=STUDENTS)
    bus.register(studying.CompleteLesson, studying.complete_lesson, allow=STUDENTS)
    bus.register(studying.SubmitQuiz, studying.submit_quiz, allow=STUDENTS)
    bus.register(studying.UnlockNextLesson, studying.unlock_next_lesson, allow=internal)
    bus.register_prepared(
        coding.SubmitCodingExercise,
        coding.RunOnTests(database, runner, ids),
        coding.submit_coding_exercise,
        allow=STUDENTS,
    )
    bus.register(
        enrolling.EnrollStudent,
        enrolling.enroll_student,
        allow=ENROLLERS,
        first=people.named({"studentId": lambda command: command.student_id}),
    )
    bus.register(requesting.RequestCourseEnrollment, requesting.request_course_enrollment, allow=STUDENTS)
    bus.register(enrolling.CancelEnrollment, enrolling.cancel_enrollment, allow=authenticated)
    bus.register(enrolling.CreateEnrollment, enrolling.create_enrollment, allow=internal)
    bus.register(enrolling.WithdrawEnrollment, enrolling.withdraw_enrollment, allow=internal)
    bus.register(enrolling.CancelRefundedEnrollment, enrolling.cancel_refunded_enrollment, allow=internal)
    bus.register(requesting.CompleteEnrollmentRequest, requesting.complete_enrollment_request, allow=internal)
    bus.register(requesting.FailEnrollmentRequest, requesting.fail_enrollment_request, allow=internal)
    bus.register(enrolling.SendEnrollmentNotification, enrolling.send_enrollment_notification, allow=internal)
