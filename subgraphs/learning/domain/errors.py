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
TUTOR_REQUIRED: Final = DomainError("REQUIRED", "Say whose course it is", "tutorId")
COURSE_ALREADY_PUBLISHED: Final = DomainError("COURSE_ALREADY_PUBLISHED", "The course is published already")
COURSE_INCOMPLETE: Final = DomainError(
    "COURSE_INCOMPLETE", "A course needs at least one lesson with an exercise before it is published"
)
COURSE_NOT_PUBLISHED: Final = DomainError("COURSE_NOT_PUBLISHED", "The course is not published yet")
LESSON_HAS_OPEN_EXERCISES: Final = DomainError(
    "LESSON_HAS_OPEN_EXERCISES", "Complete the lesson's exercises first", "lessonId"
)
