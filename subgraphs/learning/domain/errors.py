"""What the rules of learning answer when they say no."""

from typing import Final

from subgraphs.kernel.domain import DomainError

COURSE_NOT_FOUND: Final = DomainError("COURSE_NOT_FOUND", "There is no such course", "courseId")
SECTION_NOT_FOUND: Final = DomainError("SECTION_NOT_FOUND", "There is no such section", "sectionId")
LESSON_NOT_FOUND: Final = DomainError("LESSON_NOT_FOUND", "There is no such lesson", "lessonId")
EXERCISE_NOT_FOUND: Final = DomainError("EXERCISE_NOT_FOUND", "There is no such exercise", "exerciseId")
NOT_THE_COURSES_TUTOR: Final = DomainError(
    "FORBIDDEN", "Only the course's own tutor or the staff may do this"
)
STUDENT_NOT_FOUND: Final = DomainError("STUDENT_NOT_FOUND", "There is nobody of this id", "studentId")
TUTOR_NOT_FOUND: Final = DomainError("TUTOR_NOT_FOUND", "There is no tutor of this id", "tutorId")
TUTOR_REQUIRED: Final = DomainError("REQUIRED", "Say whose course it is", "tutorId")
COURSE_ALREADY_PUBLISHED: Final = DomainError("COURSE_ALREADY_PUBLISHED", "The course is published already")
COURSE_INCOMPLETE: Final = DomainError(
    "COURSE_INCOMPLETE", "A course needs at least one lesson with an exercise before it is published"
)
COURSE_NOT_PUBLISHED: Final = DomainError("COURSE_NOT_PUBLISHED", "The course is not published yet")
LESSON_HAS_OPEN_EXERCISES: Final = DomainError(
    "LESSON_HAS_OPEN_EXERCISES", "Complete the lesson's exercises first", "lessonId"
)
LESSON_LOCKED: Final = DomainError("LESSON_LOCKED", "Complete the lessons before this one first")
EXERCISE_IS_GRADED: Final = DomainError(
    "EXERCISE_IS_GRADED", "Nobody grades themselves here: hand in your answers or your program", "exerciseId"
)
TASK_MISMATCH: Final = DomainError(
    "TASK_MISMATCH", "Questions are for quizzes, and tests for coding exercises", "type"
)
NOT_A_QUIZ: Final = DomainError("NOT_A_QUIZ", "This exercise has no questions to answer", "exerciseId")
NOT_A_CODING_EXERCISE: Final = DomainError(
    "NOT_A_CODING_EXERCISE", "This exercise has no tests for a program", "exerciseId"
)
CODE_RUNNER_UNAVAILABLE: Final = DomainError(
    "CODE_RUNNER_UNAVAILABLE", "Programs cannot be run here at the moment"
)

NOT_ENROLLED: Final = DomainError("NOT_ENROLLED", "Enrol in the course first")
ALREADY_ENROLLED: Final = DomainError("ALREADY_ENROLLED", "The student takes this course already", "courseId")
ENROLLMENT_NOT_FOUND: Final = DomainError(
    "ENROLLMENT_NOT_FOUND", "There is no such enrolment", "enrollmentId"
)
ENROLLMENT_NOT_ACTIVE: Final = DomainError("ENROLLMENT_NOT_ACTIVE", "The enrolment is cancelled already")
ENROLLMENT_PENDING: Final = DomainError(
    "ENROLLMENT_PENDING", "The student has asked for this course already, and is being enrolled", "courseId"
)
ENROLLMENT_REQUEST_NOT_FOUND: Final = DomainError(
    "ENROLLMENT_REQUEST_NOT_FOUND", "There is no such request", "requestId"
)
PAYMENT_REQUIRED: Final = DomainError("PAYMENT_REQUIRED", "The course has to be paid for first", "paymentId")
PAYMENT_NOT_VERIFIED: Final = DomainError(
    "PAYMENT_NOT_VERIFIED", "This payment has not been made by this student for this course", "paymentId"
)
PAYMENT_SPENT: Final = DomainError(
    "PAYMENT_SPENT", "The enrolment that this payment was made for has been cancelled", "paymentId"
)
