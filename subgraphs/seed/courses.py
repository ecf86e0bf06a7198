"""What is taught: the first courses soon after the foundation, two new ones lately, and drafts last."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from subgraphs.learning.commands.authoring import CreateCourse, PublishCourse
from subgraphs.learning.commands.filling import AddExercise, AddLesson, AddSection, QuestionDraft
from subgraphs.learning.domain.coding import CodingTest
from subgraphs.learning.domain.values import Difficulty, ExerciseType
from subgraphs.seed.content import Course
from subgraphs.seed.people import FOUNDED_DAYS_AGO
from subgraphs.seed.plot import Plot, at_minute
from subgraphs.seed.run import Run

_LAST_OLD_COURSE_DAYS_AGO: Final = 75
_LATEST_COURSES_DAYS_AGO: Final = (26, 12)


@dataclass(frozen=True, slots=True)
class Teach:
    """A tutor makes a course, and publishes it unless it is to stay a draft."""

    at: datetime
    course: Course

    async def carry_out(self, run: Run) -> None:
        course, tutor = self.course, run.people[self.course.tutor]
        command = CreateCourse(
            title=course.title,
            description=course.description,
            subject=course.subject,
            difficulty=Difficulty(course.difficulty),
            price_amount_minor=course.price,
            price_currency=course.currency,
        )
        course_id = str(await run.do("learning", command, tutor))
        run.ids["course", course.title] = course_id
        number = 0
        for section in course.sections:
            section_id = str(await run.do("learning", AddSection(course_id, section.title), tutor))
            for lesson in section.lessons:
                add_lesson = AddLesson(section_id, lesson.title, lesson.content)
                lesson_id = str(await run.do("learning", add_lesson, tutor))
                run.ids["lesson", course.title, lesson.title] = lesson_id
                for exercise in lesson.exercises:
                    add_exercise = AddExercise(
                        lesson_id,
                        ExerciseType(exercise.type),
                        exercise.title,
                        exercise.instructions,
                        tuple(QuestionDraft(one.text, one.options, one.right) for one in exercise.questions),
                        tuple(CodingTest(one.input, one.expected, one.is_sample) for one in exercise.tests),
                    )
                    exercise_id = await run.do("learning", add_exercise, tutor)
                    run.ids["exercise", course.title, number] = str(exercise_id)
                    number += 1
        if not course.is_draft:
            await run.do("learning", PublishCourse(course_id), tutor)


def courses(plot: Plot) -> Iterator[Teach]:
    """Every course, some of them lately."""
    published = [course for course in plot.academy.courses if not course.is_draft]
    old, new = published[: -len(_LATEST_COURSES_DAYS_AGO)], published[-len(_LATEST_COURSES_DAYS_AGO) :]
    first = FOUNDED_DAYS_AGO - 20
    for number, course in enumerate(old):
        days_ago = first - number * (first - _LAST_OLD_COURSE_DAYS_AGO) // len(old)
        yield Teach(at_minute(plot.day(days_ago), plot.random.randint(8 * 60, 18 * 60)), course)
    for course, days_ago in zip(new, _LATEST_COURSES_DAYS_AGO, strict=True):
        yield Teach(at_minute(plot.day(days_ago), 10 * 60), course)
    for course in plot.academy.courses:
        if course.is_draft:
            yield Teach(at_minute(plot.day(3), 11 * 60), course)
