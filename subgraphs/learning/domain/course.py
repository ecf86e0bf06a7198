"""A course: sections of lessons, lessons of text and exercises."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from subgraphs.kernel.domain import (
    AggregateRoot,
    DomainError,
    Entity,
    Failure,
    IdGenerator,
    Money,
    Result,
    Success,
)
from subgraphs.learning.domain.coding import CodingTask
from subgraphs.learning.domain.errors import (
    COURSE_ALREADY_PUBLISHED,
    COURSE_INCOMPLETE,
    LESSON_NOT_FOUND,
    SECTION_NOT_FOUND,
    TASK_MISMATCH,
)
from subgraphs.learning.domain.events import (
    CourseCreated,
    CoursePublished,
    CourseUpdated,
    ExerciseAdded,
    LessonAdded,
    SectionAdded,
)
from subgraphs.learning.domain.extent import (
    MOST_EXERCISES,
    MOST_LESSONS,
    MOST_SECTIONS,
    NO_MORE_EXERCISES,
    NO_MORE_LESSONS,
    NO_MORE_SECTIONS,
)
from subgraphs.learning.domain.identifiers import CourseId, ExerciseId, LessonId, SectionId, TutorId
from subgraphs.learning.domain.quiz import Quiz
from subgraphs.learning.domain.values import (
    CourseStatus,
    Description,
    Difficulty,
    ExerciseType,
    LessonContent,
    Prose,
    Subject,
    Title,
)


@dataclass(eq=False, kw_only=True)
class Exercise(Entity[ExerciseId]):
    """Something to do, and to be scored for: by its task, if it has one, else by the student."""

    type: ExerciseType
    title: Title
    instructions: Prose
    task: Quiz | CodingTask | None = None


@dataclass(eq=False, kw_only=True)
class Lesson(Entity[LessonId]):
    """Something to read, and exercises to go with it."""

    title: Title
    content: LessonContent
    exercises: list[Exercise] = field(default_factory=list)


@dataclass(eq=False, kw_only=True)
class Section(Entity[SectionId]):
    """A chapter of a course."""

    title: Title
    lessons: list[Lesson] = field(default_factory=list)


@dataclass(eq=False, kw_only=True)
class Course(AggregateRoot[CourseId]):
    """A course and all that is in it. Content is added, before and after publication, never taken away."""

    tutor_id: TutorId
    title: Title
    description: Description
    subject: Subject
    difficulty: Difficulty
    price: Money
    status: CourseStatus
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None = None
    sections: list[Section] = field(default_factory=list)

    @classmethod
    def create(
        cls,
        course_id: CourseId,
        *,
        tutor_id: TutorId,
        title: Title,
        description: Description,
        subject: Subject,
        difficulty: Difficulty,
        price: Money,
        at: datetime,
    ) -> "Course":
        """Begin a course, as a draft."""
        course = cls(
            id=course_id,
            tutor_id=tutor_id,
            title=title,
            description=description,
            subject=subject,
            difficulty=difficulty,
            price=price,
            status=CourseStatus.DRAFT,
            created_at=at,
            updated_at=at,
        )
        course.raise_(CourseCreated(course_id, tutor_id, title, description, subject, difficulty, price, at))
        return course

    @property
    def is_published(self) -> bool:
        return self.status is CourseStatus.PUBLISHED

    @property
    def lessons(self) -> Iterator[Lesson]:
        """All lessons, in the order of the course."""
        return (lesson for section in self.sections for lesson in section.lessons)

    def update(
        self, *, title: Title | None, description: Description | None, price: Money | None, at: datetime
    ) -> None:
        """Change what is given and keep the rest."""
        changed = (title or self.title, description or self.description, price or self.price)
        if changed == (self.title, self.description, self.price):
            return
        self.title, self.description, self.price = changed
        self._has_changed(at)

    def add_section(self, title: Title, *, ids: IdGenerator, at: datetime) -> Result[Section, DomainError]:
        """Append a section. COURSE_FULL."""
        if len(self.sections) >= MOST_SECTIONS:
            return Failure(NO_MORE_SECTIONS)
        section = Section(id=SectionId.new(ids), title=title)
        self.raise_(SectionAdded(self.id, section.id, len(self.sections), title, at))
        self.sections.append(section)
        self._has_grown(at)
        return Success(section)

    def add_lesson(
        self, section_id: SectionId, *, title: Title, content: LessonContent, ids: IdGenerator, at: datetime
    ) -> Result[Lesson, DomainError]:
        """Append a lesson to a section. SECTION_NOT_FOUND, COURSE_FULL."""
        section = next((section for section in self.sections if section.id == section_id), None)
        if section is None:
            return Failure(SECTION_NOT_FOUND)
        if len(section.lessons) >= MOST_LESSONS:
            return Failure(NO_MORE_LESSONS)
        lesson = Lesson(id=LessonId.new(ids), title=title, content=content)
        self.raise_(LessonAdded(self.id, section_id, lesson.id, len(section.lessons), title, content, at))
        section.lessons.append(lesson)
        self._has_grown(at)
        return Success(lesson)

    def add_exercise(
        self,
        lesson_id: LessonId,
        *,
        exercise_type: ExerciseType,
        title: Title,
        instructions: Prose,
        task: Quiz | CodingTask | None = None,
        ids: IdGenerator,
        at: datetime,
    ) -> Result[Exercise, DomainError]:
        """Append an exercise to a lesson. LESSON_NOT_FOUND, COURSE_FULL; TASK_MISMATCH when its type has no
        such task."""
        lesson = self.lesson(lesson_id)
        if lesson is None:
            return Failure(LESSON_NOT_FOUND)
        if len(lesson.exercises) >= MOST_EXERCISES:
            return Failure(NO_MORE_EXERCISES)
        if task is not None and type(task) is not _TASKS.get(exercise_type):
            return Failure(TASK_MISMATCH)
        exercise = Exercise(
            id=ExerciseId.new(ids), type=exercise_type, title=title, instructions=instructions, task=task
        )
        position = len(lesson.exercises)
        self.raise_(
            ExerciseAdded(
                self.id, lesson_id, exercise.id, position, exercise_type, title, instructions, task, at
            )
        )
        lesson.exercises.append(exercise)
        self._has_grown(at)
        return Success(exercise)

    def publish(self, *, at: datetime) -> Result[None, DomainError]:
        """Open the course to students. COURSE_ALREADY_PUBLISHED; COURSE_INCOMPLETE without any exercise."""
        if self.is_published:
            return Failure(COURSE_ALREADY_PUBLISHED)
        if not any(lesson.exercises for lesson in self.lessons):
            return Failure(COURSE_INCOMPLETE)
        self.status, self.published_at, self.updated_at = CourseStatus.PUBLISHED, at, at
        self.raise_(CoursePublished(self.id, self.tutor_id, self.title, self.subject, self.difficulty, at))
        return Success(None)

    def lesson_after(self, lesson_id: LessonId) -> Lesson | None:
        """The next one, in the order of the course."""
        lessons = iter(self.lessons)
        return next(lessons, None) if any(lesson.id == lesson_id for lesson in lessons) else None

    def lesson_before(self, lesson_id: LessonId) -> Lesson | None:
        before = None
        for lesson in self.lessons:
            if lesson.id == lesson_id:
                return before
            before = lesson
        return None

    def lesson(self, lesson_id: LessonId) -> Lesson | None:
        return next((lesson for lesson in self.lessons if lesson.id == lesson_id), None)

    def lesson_with(self, exercise_id: ExerciseId) -> tuple[Lesson, Exercise] | None:
        """An exercise and the lesson that it belongs to."""
        for lesson in self.lessons:
            for exercise in lesson.exercises:
                if exercise.id == exercise_id:
                    return lesson, exercise
        return None

    def _has_grown(self, at: datetime) -> None:
        """What is added to a draft is nobody else's business yet."""
        self.updated_at = at
        if self.is_published:
            self._has_changed(at)

    def _has_changed(self, at: datetime) -> None:
        self.updated_at = at
        about = self.title, self.description, self.subject, self.difficulty, self.price
        self.raise_(CourseUpdated(self.id, self.tutor_id, *about, at))


_TASKS: Final = {ExerciseType.QUIZ: Quiz, ExerciseType.CODING: CodingTask}
