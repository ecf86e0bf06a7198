"""The inputs of mutations, each of which is a command."""

import strawberry

from subgraphs.kernel.graphql.money import MoneyInput
from subgraphs.learning.commands.authoring import CreateCourse, PublishCourse, UpdateCourse
from subgraphs.learning.commands.coding import SubmitCodingExercise
from subgraphs.learning.commands.enrolling import CancelEnrollment, EnrollStudent
from subgraphs.learning.commands.filling import AddExercise, AddLesson, AddSection, QuestionDraft
from subgraphs.learning.commands.requesting import RequestCourseEnrollment
from subgraphs.learning.commands.studying import (
    ChosenOptions,
    CompleteExercise,
    CompleteLesson,
    SubmitQuiz,
)
from subgraphs.learning.domain.coding import CodingTest
from subgraphs.learning.domain.values import Difficulty, ExerciseType


@strawberry.input
class CreateCourseInput:
    title: str
    description: str = strawberry.field(default="", description="Markdown; it may follow (updateCourse).")
    subject: str
    difficulty: Difficulty
    price: MoneyInput
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
    price: MoneyInput | None = None

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
class QuizQuestionInput:
    text: str
    options: list[str] = strawberry.field(description="2 to 10 different ones.")
    right_options: list[int] = strawberry.field(
        description="All that are to be chosen, counted from 0. Students never see them."
    )


@strawberry.input
class CodingTestInput:
    input: str = strawberry.field(description="What the program reads from its standard input.")
    expected: str = strawberry.field(
        description="What it has to write to its standard output; white space at the ends of lines "
        "does not count."
    )
    is_sample: bool = strawberry.field(default=False, description="Whether students see it.")


@strawberry.input
class AddExerciseInput:
    lesson_id: strawberry.ID
    type: ExerciseType
    title: str
    instructions: str = strawberry.field(description="Markdown")
    questions: list[QuizQuestionInput] | None = strawberry.field(
        default=None, description="Of a quiz; without any, students say how well they did it."
    )
    tests: list[CodingTestInput] | None = strawberry.field(
        default=None,
        description="Of a coding exercise in Python; without any, students say how well they did it.",
    )

    def command(self) -> AddExercise:
        return AddExercise(
            str(self.lesson_id),
            self.type,
            self.title,
            self.instructions,
            tuple(
                QuestionDraft(one.text, tuple(one.options), tuple(one.right_options))
                for one in self.questions or ()
            ),
            tuple(CodingTest(one.input, one.expected, one.is_sample) for one in self.tests or ()),
        )


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


@strawberry.input
class QuizAnswerInput:
    question_id: strawberry.ID
    options: list[int] = strawberry.field(description="The chosen ones, counted from 0.")


@strawberry.input
class SubmitQuizInput:
    exercise_id: strawberry.ID
    answers: list[QuizAnswerInput]

    def command(self) -> SubmitQuiz:
        answers = (ChosenOptions(str(one.question_id), tuple(one.options)) for one in self.answers)
        return SubmitQuiz(str(self.exercise_id), tuple(answers))


@strawberry.input
class SubmitCodingExerciseInput:
    exercise_id: strawberry.ID
    source: str = strawberry.field(
        description="A Python program that reads its standard input and writes its standard output."
    )

    def command(self) -> SubmitCodingExercise:
        return SubmitCodingExercise(str(self.exercise_id), self.source)


@strawberry.input
class EnrollStudentInCourseInput:
    course_id: strawberry.ID
    student_id: strawberry.ID | None = strawberry.field(
        default=None, description="You, if nobody is named; the staff may name others."
    )
    payment_id: strawberry.ID | None = strawberry.field(
        default=None, description="The completed payment for the course; free courses need none."
    )

    def command(self) -> EnrollStudent:
        student_id = None if self.student_id is None else str(self.student_id)
        payment_id = None if self.payment_id is None else str(self.payment_id)
        return EnrollStudent(str(self.course_id), student_id, payment_id)


@strawberry.input
class RequestCourseEnrollmentInput:
    course_id: strawberry.ID

    def command(self) -> RequestCourseEnrollment:
        return RequestCourseEnrollment(str(self.course_id))


@strawberry.input
class CancelEnrollmentInput:
    enrollment_id: strawberry.ID
    reason: str

    def command(self) -> CancelEnrollment:
        return CancelEnrollment(str(self.enrollment_id), self.reason)
