"""What courses are made of."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.application.request import UNAUTHENTICATED
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.schema import Representation
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


@strawberry.federation.type(keys=["id"], description="Something to do, and to be scored for.")
class Exercise:
    id: strawberry.ID
    position: int
    type: ExerciseType
    title: str
    lesson_id: strawberry.Private[str]
    all_instructions: strawberry.Private[str]

    @strawberry.field(description="What to do; for those who are logged in.")
    def instructions(self, info: Info) -> str | None:
        return _for_readers(self.all_instructions, info)

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
            lesson_id=view.lesson_id,
            all_instructions=view.instructions,
        )

    @classmethod
    async def resolve_references(
        cls, info: Info, keys: Sequence[Representation]
    ) -> "Sequence[Exercise | None]":
        return await load_exercises(info.context, [str(key.get("id")) for key in keys])


@strawberry.federation.type(keys=["id"], description="Something to read, and exercises to go with it.")
class Lesson:
    id: strawberry.ID
    position: int
    title: str
    course_id: strawberry.Private[str]
    whole_content: strawberry.Private[str]

    @strawberry.field(description="The text, in Markdown; for those who are logged in.")
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


@strawberry.type(description="A chapter of a course.")
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


def _for_readers(text: str, info: Info) -> str:
    """Everybody may see what there is to learn; to learn it, one logs in."""
    if info.context.actor is None:
        raise QueryError(UNAUTHENTICATED)
    return text
