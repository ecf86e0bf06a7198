"""The inputs of mutations, each of which is a command."""

import strawberry

from subgraphs.learning.commands.authoring import (
    AddExercise,
    AddLesson,
    AddSection,
    CreateCourse,
    PublishCourse,
    UpdateCourse,
)
from subgraphs.learning.commands.studying import CompleteExercise, CompleteLesson
from subgraphs.learning.domain.values import Difficulty, ExerciseType


@strawberry.input
class PriceInput:
    amount_minor: int = strawberry.field(description="In the currency's smallest unit: 4900 is 49.00 euros.")
    currency: str = strawberry.field(default="EUR", description="ISO 4217")


@strawberry.input
class CreateCourseInput:
    title: str
    description: str
    subject: str
    difficulty: Difficulty
    price: PriceInput
    tutor_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whose course it is. Tutors leave it out; the staff must say it."
    )

    def command(self) -> CreateCourse:
        return CreateCourse(
            title=self.title,
            description=self.description,
            subject=self.subject,
            difficulty=self.difficulty,
            price_amount_minor=self.price.amount_minor,
            price_currency=self.price.currency,
            tutor_id=None if self.tutor_id is None else str(self.tutor_id),
        )


@strawberry.input(description="What is left out or null stays as it is.")
class UpdateCourseInput:
    course_id: strawberry.ID
    title: str | None = None
    description: str | None = None
    price: PriceInput | None = None

    def command(self) -> UpdateCourse:
        return UpdateCourse(
            course_id=str(self.course_id),
            title=self.title,
            description=self.description,
            price_amount_minor=self.price.amount_minor if self.price else None,
            price_currency=self.price.currency if self.price else None,
        )


@strawberry.input
class AddSectionInput:
    course_id: strawberry.ID
    title: str

    def command(self) -> AddSection:
        return AddSection(str(self.course_id), self.title)


@strawberry.input
class AddLessonInput:
    section_id: strawberry.ID
    title: str
    content: str = strawberry.field(description="Markdown")

    def command(self) -> AddLesson:
        return AddLesson(str(self.section_id), self.title, self.content)


@strawberry.input
class AddExerciseInput:
    lesson_id: strawberry.ID
    type: ExerciseType
    title: str
    instructions: str = strawberry.field(description="Markdown")

    def command(self) -> AddExercise:
        return AddExercise(str(self.lesson_id), self.type, self.title, self.instructions)


@strawberry.input
class PublishCourseInput:
    course_id: strawberry.ID

    def command(self) -> PublishCourse:
        return PublishCourse(str(self.course_id))


@strawberry.input
class CompleteExerciseInput:
    exercise_id: strawberry.ID
    score: int = strawberry.field(default=100, description="0 to 100. The first completion counts.")

    def command(self) -> CompleteExercise:
        return CompleteExercise(str(self.exercise_id), self.score)


@strawberry.input
class CompleteLessonInput:
    lesson_id: strawberry.ID

    def command(self) -> CompleteLesson:
        return CompleteLesson(str(self.lesson_id))
