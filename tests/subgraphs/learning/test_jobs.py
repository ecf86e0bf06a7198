"""What learning does from time to time. Requirement: section 2, jobs."""

from datetime import timedelta
from typing import Any

from subgraphs.kernel.application.request import Actor
from subgraphs.learning.commands.enrolling import EnrollStudent
from subgraphs.learning.commands.studying import CompleteExercise
from tests.subgraphs.learning.school import OTHER_STUDENT, OTHER_TUTOR, STAFF, STUDENT, TUTOR, School
from tests.subgraphs.people import done

STATISTICS = """
    query ($id: ID!) { courseById(id: $id) { statistics {
      enrolledCount startedCount completedCount averagePercent averageScore
    } } }
"""


async def statistics(school: School, course_id: str, actor: Actor | None = TUTOR) -> Any:
    answer = await school.ask_learning(actor).data(STATISTICS, id=course_id)
    return answer["courseById"]["statistics"]


async def count(school: School) -> int:
    """Do all of it that there is to do; how many courses were counted."""
    [analytics] = school.learning.jobs
    assert analytics.name == "learning.course_analytics"
    counted = 0
    while some := await analytics.do(school.platform.transactions):
        counted += some
    return counted


async def test_course_analytics_count_how_published_courses_fare(school: School) -> None:
    course = await school.course(price=0)
    draft = await school.course("Nobody's", publish=False)
    assert await statistics(school, course.id) is None
    for actor in (STUDENT, OTHER_STUDENT):
        done(await school.by(actor, EnrollStudent(course.id)))
    assert await count(school)
    nothing_yet = {"enrolledCount": 2, "startedCount": 0, "completedCount": 0}
    assert await statistics(school, course.id) == {**nothing_yet, "averagePercent": 0, "averageScore": None}
    for exercise_id in course.exercise_ids:
        done(await school.by(STUDENT, CompleteExercise(exercise_id, 80)))
    done(await school.by(OTHER_STUDENT, CompleteExercise(course.exercise_ids[0], 40)))
    assert await count(school) == 0  # it was done a moment ago
    school.clock.advance(timedelta(hours=1))
    assert await count(school)
    for actor in (TUTOR, STAFF):
        assert await statistics(school, course.id, actor) == {
            "enrolledCount": 2,
            "startedCount": 2,
            "completedCount": 1,
            "averagePercent": 60,  # five and one of five lessons and exercises each
            "averageScore": 70,
        }
    assert await statistics(school, draft.id) is None
    for outsider in (STUDENT, OTHER_TUTOR, None):
        assert await statistics(school, course.id, outsider) is None
