"""The LessonProgress saga: what follows when a student has completed a lesson.

The progress is counted in the transaction that completes the lesson, and gamification gives its XP for the
same LessonCompleted: to ask for it here again would give it twice. What is left is the way on: the next
lesson is unlocked for good. After the last one there is none.
"""

from dataclasses import dataclass, replace
from typing import Final

from subgraphs.contracts.learning import LessonCompleted
from subgraphs.kernel.sagas.definition import Decision, Saga
from subgraphs.kernel.sagas.outputs import Begin, Complete, Finish, Send
from subgraphs.learning.messages import NextLessonUnlocked, UnlockNextLesson

UNLOCK_NEXT_LESSON: Final = "learning.unlock_next_lesson"

NEXT_LESSON: Final = "next_lesson_unlocked"


@dataclass(frozen=True, slots=True)
class LessonProgress:
    """One student's way from a completed lesson to the next one."""

    user_id: str
    course_id: str
    lesson_id: str
    next_lesson_id: str | None = None


LESSON_PROGRESS: Final = Saga("learning.lesson_progress", LessonProgress)


def _lesson(message: LessonCompleted | NextLessonUnlocked) -> str:
    return f"{message.user_id}:{message.lesson_id}"


@LESSON_PROGRESS.starts_with(LessonCompleted, by=_lesson)
def completed(message: LessonCompleted) -> Decision[LessonProgress]:
    unlock = UnlockNextLesson(message.user_id, message.course_id, message.lesson_id)
    progress = LessonProgress(message.user_id, message.course_id, message.lesson_id)
    return progress, [Begin(NEXT_LESSON), Send(unlock, to=UNLOCK_NEXT_LESSON, key=message.user_id)]


@LESSON_PROGRESS.on(NextLessonUnlocked, by=_lesson, step=NEXT_LESSON)
def unlocked(progress: LessonProgress, message: NextLessonUnlocked) -> Decision[LessonProgress]:
    return replace(progress, next_lesson_id=message.next_lesson_id), [Finish(), Complete()]
