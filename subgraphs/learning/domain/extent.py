"""How large a course may be: what is in it is shown as a whole, and loaded as one to be changed."""

from typing import Final

from subgraphs.kernel.domain import DomainError

MOST_SECTIONS: Final = 50
MOST_LESSONS: Final = 50
MOST_EXERCISES: Final = 50

_FULL: Final = "COURSE_FULL"

NO_MORE_SECTIONS: Final = DomainError(_FULL, f"A course has at most {MOST_SECTIONS} sections", "courseId")
NO_MORE_LESSONS: Final = DomainError(_FULL, f"A section has at most {MOST_LESSONS} lessons", "sectionId")
NO_MORE_EXERCISES: Final = DomainError(_FULL, f"A lesson has at most {MOST_EXERCISES} exercises", "lessonId")
