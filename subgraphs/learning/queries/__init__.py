"""What learning can be asked.

courses    the catalogue: lists and single courses, drafts only for those who may see them
content    sections, lessons and exercises, for many parents at once
progress   how far students have come

The batched queries (`...ById`, `...Of...`) answer for many keys with one statement. Their answers are
mappings; what does not exist or may not be seen is missing.
"""

from subgraphs.kernel.application.buses import QueryBus
from subgraphs.kernel.application.policies import anyone, authenticated
from subgraphs.learning.queries import content, courses, progress


def register(bus: QueryBus) -> None:
    """Register every query. Who may see a draft or somebody's progress, the handlers decide."""
    bus.register(courses.CourseCatalog, courses.list_courses, allow=anyone)
    bus.register(courses.CoursesByTutor, courses.courses_by_tutor, allow=anyone)
    bus.register(courses.CoursesById, courses.courses_by_id, allow=anyone)
    bus.register(courses.CoursesTaught, courses.courses_taught, allow=anyone)
    bus.register(content.SectionsOfCourses, content.sections_of_courses, allow=anyone)
    bus.register(content.SectionsById, content.sections_by_id, allow=anyone)
    bus.register(content.LessonsOfSections, content.lessons_of_sections, allow=anyone)
    bus.register(content.LessonsById, content.lessons_by_id, allow=anyone)
    bus.register(content.ExercisesOfLessons, content.exercises_of_lessons, allow=anyone)
    bus.register(content.ExercisesById, content.exercises_by_id, allow=anyone)
    bus.register(progress.LearningSummaries, progress.learning_summaries, allow=anyone)
    bus.register(progress.ProgressOfStudents, progress.progress_of_students, allow=authenticated)
    bus.register(progress.ProgressById, progress.progress_by_id, allow=authenticated)
    bus.register(progress.OwnProgress, progress.own_progress, allow=authenticated)
    bus.register(progress.CompletedExercises, progress.completed_exercises, allow=authenticated)
