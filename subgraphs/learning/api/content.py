"""What courses are made of."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.application.request import UNAUTHENTICATED
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.schema import Representation
from subgraphs.learning.domain import coding
from subgraphs.learning.domain.coding import CodingTask
from subgraphs.learning.domain.errors import NOT_ENROLLED
from subgraphs.learning.domain.quiz import Question, Quiz
from subgraphs.learning.domain.values import ExerciseType
from subgraphs.learning.queries.content import (
    ExercisesById,
    ExercisesOfLessons,
    ExerciseView,
    LessonsById,
    LessonsOfSections,
    LessonView,
    SectionsById,
    SectionView,
)

if TYPE_CHECKING:
    from subgraphs.learning.api.courses import Course

strawberry.enum(ExerciseType, description="What the student does in an exercise.")

_READERS = "for those who take the course, its tutor and the staff"


@strawberry.federation.type(tags=["public"], description="A question of a quiz.")
class QuizQuestion:
    id: strawberry.ID
    text: str
    options: list[str]
    right_options: list[int] | None = strawberry.field(
        description="Counted from 0; null to all but the course's tutor and the staff."
    )

    @classmethod
    def of(cls, question: Question, *, is_own: bool) -> Self:
        return cls(
            id=strawberry.ID(str(question.id)),
            text=question.text,
            options=list(question.options),
            right_options=sorted(question.right) if is_own else None,
        )


@strawberry.federation.type(
    tags=["public"], description="An input for a program, and the output that is expected."
)
class CodingTest:
    input: str
    expected: str
    is_sample: bool = strawberry.field(description="Whether students see it.")

    @classmethod
    def of(cls, test: coding.CodingTest) -> Self:
        return cls(input=test.input, expected=test.expected, is_sample=test.is_sample)


@strawberry.federation.type(
    keys=["id"], tags=["public"], description="Something to do, and to be scored for."
)
class Exercise:
    id: strawberry.ID
    position: int
    type: ExerciseType
    title: str
    is_graded: bool = strawberry.field(
        description="Whether answers or a program are handed in (submitQuiz, submitCodingExercise); "
        "else students say for themselves how well they did it (completeExercise)."
    )
    lesson_id: strawberry.Private[str]
    view: strawberry.Private[ExerciseView]

    @strawberry.field(description=f"What to do; {_READERS}.")
    def instructions(self, info: Info) -> str | None:
        return _for_readers(self.view.instructions, info)

    @strawberry.field(description=f"Of a quiz; {_READERS}.")
    def questions(self, info: Info) -> list[QuizQuestion] | None:
        _for_readers(self.view.instructions, info)
        match self.view.task:
            case Quiz(questions=questions):
                return [QuizQuestion.of(question, is_own=self.view.is_own) for question in questions]
            case _:
                return []

    @strawberry.federation.field(
        description=f"Of a coding exercise, all to its tutor and the staff and samples to students; "
        f"{_READERS}.",
    )
    def tests(self, info: Info) -> list[CodingTest] | None:
        _for_readers(self.view.instructions, info)
        match self.view.task:
            case CodingTask(tests=tests):
                return [CodingTest.of(test) for test in tests if test.is_sample or self.view.is_own]
            case _:
                return []

    @strawberry.field
    async def lesson(self, info: Info) -> "Lesson | None":
        return await info.context.load(self.lesson_id, load_lessons)

    @classmethod
    def of(cls, view: ExerciseView) -> Self:
        return cls(
            id=strawberry.ID(view.id),
            position=view.position,
            type=view.type,
            title=view.title,
            is_graded=view.is_graded,
            lesson_id=view.lesson_id,
            view=view,
        )

    @classmethod
    async def resolve_references(
        cls, info: Info, keys: Sequence[Representation]
    ) -> "Sequence[Exercise | None]":
        return await load_exercises(info.context, [str(key.get("id")) for key in keys])


@strawberry.federation.type(
    keys=["id"], tags=["public"], description="Something to read, and exercises to go with it."
)
class Lesson:
    id: strawberry.ID
    position: int
    title: str
    course_id: strawberry.Private[str]
    whole_content: strawberry.Private[str | None]

    @strawberry.field(description=f"The text, in Markdown; {_READERS}.")
    def content(self, info: Info) -> str | None:
        return _for_readers(self.whole_content, info)

    @strawberry.field
    async def exercises(self, info: Info) -> list[Exercise]:
        return await info.context.load(str(self.id), _load_exercises_of)

    @strawberry.field
    async def course(
        self, info: Info
    ) -> Annotated["Course", strawberry.lazy("subgraphs.learning.api.courses")] | None:
        from subgraphs.learning.api.courses import load_courses

        return await info.context.load(self.course_id, load_courses)

    @classmethod
    def of(cls, view: LessonView) -> Self:
        return cls(
            id=strawberry.ID(view.id),
            position=view.position,
            title=view.title,
            course_id=view.course_id,
            whole_content=view.content,
        )

    @classmethod
    async def resolve_references(
        cls, info: Info, keys: Sequence[Representation]
    ) -> "Sequence[Lesson | None]":
        return await load_lessons(info.context, [str(key.get("id")) for key in keys])


@strawberry.federation.type(tags=["public"], description="A chapter of a course.")
class Section:
    id: strawberry.ID
    position: int
    title: str

    @strawberry.field
    async def lessons(self, info: Info) -> list[Lesson]:
        return await info.context.load(str(self.id), _load_lessons_of)

    @classmethod
    def of(cls, view: SectionView) -> Self:
        return cls(id=strawberry.ID(view.id), position=view.position, title=view.title)


async def load_sections(context: GraphQLContext, ids: list[str]) -> list[Section | None]:
    """Sections by id; None for those that do not exist or may not be seen."""
    found = await context.ask(SectionsById(tuple(ids)))
    return [Section.of(found[one]) if one in found else None for one in ids]


async def load_lessons(context: GraphQLContext, ids: list[str]) -> list[Lesson | None]:
    """Lessons by id; None for those that do not exist or may not be seen."""
    found = await context.ask(LessonsById(tuple(ids)))
    return [Lesson.of(found[one]) if one in found else None for one in ids]


async def load_exercises(context: GraphQLContext, ids: list[str]) -> list[Exercise | None]:
    """Exercises by id; None for those that do not exist or may not be seen."""
    found = await context.ask(ExercisesById(tuple(ids)))
    return [Exercise.of(found[one]) if one in found else None for one in ids]


async def _load_lessons_of(context: GraphQLContext, section_ids: list[str]) -> list[list[Lesson]]:
    found = await context.ask(LessonsOfSections(tuple(section_ids)))
    return [[Lesson.of(view) for view in found.get(one, ())] for one in section_ids]


async def _load_exercises_of(context: GraphQLContext, lesson_ids: list[str]) -> list[list[Exercise]]:
    found = await context.ask(ExercisesOfLessons(tuple(lesson_ids)))
    return [[Exercise.of(view) for view in found.get(one, ())] for one in lesson_ids]


def _for_readers(text: str | None, info: Info) -> str:
    """Everybody may see what there is to learn; to learn it, one takes the course."""
    if text is None:
        raise QueryError(NOT_ENROLLED if info.context.actor else UNAUTHENTICATED)
    return text
