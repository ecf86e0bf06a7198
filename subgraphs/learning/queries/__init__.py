"""What learning can be asked.

courses      the catalogue: lists and single courses, drafts only for those who may see them
content      sections, lessons and exercises, for many parents at once
progress     how far students have come
reached      what they have completed, and what is open to them
attempts     what they have handed in
enrollments  who takes what
statistics   how courses fare
caching      which answers are kept for a while, and what makes them untrue

The batched queries (`...ById`, `...Of...`) answer for many keys with one statement. Their answers are
mappings; what does not exist or may not be seen is missing.
"""

from subgraphs.kernel.application.buses import QueryBus
from subgraphs.kernel.application.policies import anyone, authenticated
from subgraphs.learning.queries import attempts, content, courses, enrollments, progress, reached, statistics
from subgraphs.learning.queries.caching import CourseCaches


def register(bus: QueryBus, caches: CourseCaches) -> None:
    """Register every query. Who may see a draft or somebody's progress, the handlers decide."""
    bus.register(courses.CourseCatalog, courses.course_catalog_of, allow=anyone)
    bus.register(
        courses.CoursesBySubject, courses.courses_by_subject, allow=anyone, cached=caches.pages_of_subject
    )
    bus.register(courses.CoursesByTutor, courses.courses_by_tutor, allow=anyone, cached=caches.pages_of_tutor)
    bus.register(courses.AllCoursesByTutor, courses.all_courses_by_tutor, allow=anyone)
    bus.register(courses.PublishedCourses, courses.published_courses, allow=anyone, cached=caches.by_id)
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
    bus.register(reached.CompletedExercises, reached.completed_exercises, allow=authenticated)
    bus.register(reached.UnlockedLessons, reached.unlocked_lessons, allow=authenticated)
    bus.register(attempts.QuizAttemptsById, attempts.quiz_attempts_by_id, allow=authenticated)
    bus.register(attempts.CodingSubmissionsById, attempts.coding_submissions_by_id, allow=authenticated)
    bus.register(attempts.QuizAttempts, attempts.quiz_attempts, allow=authenticated)
    bus.register(attempts.CodingSubmissions, attempts.coding_submissions, allow=authenticated)
    bus.register(statistics.StatisticsOfCourses, statistics.statistics_of_courses, allow=authenticated)
    bus.register(enrollments.EnrollmentsById, enrollments.enrollments_by_id, allow=authenticated)
    bus.register(enrollments.EnrollmentsOfStudents, enrollments.enrollments_of_students, allow=authenticated)
    bus.register(enrollments.EnrollmentsOfCourses, enrollments.enrollments_of_courses, allow=authenticated)
    bus.register(enrollments.OwnEnrollments, enrollments.own_enrollments, allow=authenticated)
    bus.register(enrollments.VerifyEnrollment, enrollments.verify_enrollment, allow=authenticated)
    bus.register(
        enrollments.EnrollmentRequestsById, enrollments.enrollment_requests_by_id, allow=authenticated
    )
