"""What the rules of classes answer when they say no."""

from typing import Final

from subgraphs.kernel.domain import DomainError

CLASS_NOT_FOUND: Final = DomainError("CLASS_NOT_FOUND", "There is no such class", "classId")
CLASS_FULL: Final = DomainError("CLASS_FULL", "There is no place left in the class", "classId")
ENROLLMENT_CLOSED: Final = DomainError(
    "ENROLLMENT_CLOSED", "The class has begun or is over: it takes nobody in any more", "classId"
)
PACKAGE_LIMIT_REACHED: Final = DomainError(
    "PACKAGE_LIMIT_REACHED", "The package has no more meetings than that"
)
PACKAGE_FROZEN: Final = DomainError(
    "PACKAGE_FROZEN", "The package of a group stays as it is once the class has begun", "classId"
)
UNAUTHORIZED_UNLOCK: Final = DomainError(
    "UNAUTHORIZED_UNLOCK", "Only the class's own instructor unlocks lessons", "classId"
)
STUDENT_NOT_FOUND: Final = DomainError("STUDENT_NOT_FOUND", "There is nobody of this id", "studentId")
INSTRUCTOR_NOT_FOUND: Final = DomainError(
    "INSTRUCTOR_NOT_FOUND", "There is no tutor of this id", "instructorId"
)
ALREADY_ENROLLED: Final = DomainError(
    "ALREADY_ENROLLED", "The student belongs to the class already", "studentId"
)
NOT_ENROLLED: Final = DomainError("NOT_ENROLLED", "The student does not belong to the class", "studentId")
NOT_THE_CLASSES_INSTRUCTOR: Final = DomainError(
    "FORBIDDEN", "Only the class's own instructor or the staff may do this"
)
ENROLLMENT_SUSPENDED: Final = DomainError(
    "ENROLLMENT_SUSPENDED", "The student has not paid for the class", "studentId"
)
CLASS_NOT_OPEN: Final = DomainError("CLASS_NOT_OPEN", "The class has begun already", "classId")
CLASS_NOT_ACTIVE: Final = DomainError("CLASS_NOT_ACTIVE", "The class has not begun, or is over", "classId")
CLASS_COMPLETED: Final = DomainError("CLASS_COMPLETED", "The class is over", "classId")
CLASS_EMPTY: Final = DomainError("CLASS_EMPTY", "A group begins with at least one student", "classId")
COURSE_NOT_FOUND: Final = DomainError("COURSE_NOT_FOUND", "There is no such course", "courseId")
LESSON_NOT_FOUND: Final = DomainError("LESSON_NOT_FOUND", "The course has no such lesson", "lessonId")
START_REQUIRED: Final = DomainError("START_REQUIRED", "A group needs a day to begin on", "startsOn")
INVALID_SCHEDULE: Final = DomainError(
    "INVALID_SCHEDULE", "A schedule has days of the week, a time of day, a length and a time zone", "schedule"
)
INVALID_TITLE: Final = DomainError("INVALID_TITLE", "A title has 1 to 120 characters", "title")
INVALID_CAPACITY: Final = DomainError(
    "INVALID_CAPACITY", "A group has 2 to 100 places, a private class has one", "capacity"
)
INVALID_PACKAGE: Final = DomainError("INVALID_PACKAGE", "A package has 1 to 200 meetings", "totalMeetings")
INVALID_MEETINGS: Final = DomainError("INVALID_PACKAGE", "A package has 1 to 200 meetings", "meetings")
INVALID_CREDIT: Final = DomainError(
    "INVALID_CREDIT", "Credit changes by something, and is never below 0 or above 400", "delta"
)
INVALID_AMOUNT: Final = DomainError(
    "INVALID_AMOUNT", "Nobody pays less than nothing, or that much at once", "paymentAmount"
)
INVALID_REASON: Final = DomainError("INVALID_REASON", "Say why, in 1 to 200 characters", "reason")
INVALID_MEETING: Final = DomainError("INVALID_MEETING", "Meetings count from 1", "meeting")
HELD_IN_THE_FUTURE: Final = DomainError(
    "HELD_IN_THE_FUTURE", "Attendance is marked when the meeting has begun", "heldAt"
)
