"""What is cached is what everybody may see, and nobody sees for long what is not true any more."""

from typing import Any

import pytest

from subgraphs.contracts.caches import COURSE, COURSES_OF_SUBJECT
from subgraphs.learning.commands.authoring import CreateCourse, PublishCourse, UpdateCourse
from subgraphs.learning.commands.filling import AddExercise
from subgraphs.learning.domain.values import Difficulty, ExerciseType
from tests.subgraphs.learning.school import OTHER_TUTOR, STAFF, TUTOR, School, selects
from tests.subgraphs.people import done

COURSE_BY_ID = "query ($id: ID!) { course: courseById(id: $id) { title exerciseCount } }"
OF_SUBJECT = '{ page: coursesBySubject(subject: "Seamanship") { total items { title } } }'
OF_TUTOR = f'{{ page: coursesByTutor(tutorId: "{TUTOR.id}") {{ total items {{ title }} }} }}'


async def _ask(school: School, query: str, **variables: Any) -> tuple[Any, int]:
    """A visitor's answer, and how many statements it took."""
    with selects() as counted:
        [answer] = (await school.ask_learning().data(query, **variables)).values()
    return answer, len(counted)


def test_the_rules_are_those_of_the_table() -> None:
    assert [rule.ttl.total_seconds() for rule in (COURSE, COURSES_OF_SUBJECT)] == [3600, 1800]
    assert COURSE.group("1") == "course:1"


async def test_a_course_is_written_through(school: School) -> None:
    course = await school.course()
    assert await _ask(school, COURSE_BY_ID, id=course.id) == ({"title": "Knots", "exerciseCount": 3}, 0)
    done(await school.by(TUTOR, UpdateCourse(course.id, title="Hitches")))
    assert await _ask(school, COURSE_BY_ID, id=course.id) == ({"title": "Hitches", "exerciseCount": 3}, 0)
    done(await school.by(TUTOR, AddExercise(course.lesson_ids[0], ExerciseType.READING, "More", "Read.")))
    assert await _ask(school, COURSE_BY_ID, id=course.id) == ({"title": "Hitches", "exerciseCount": 4}, 0)


@pytest.mark.parametrize("query", [OF_SUBJECT, OF_TUTOR])
async def test_lists_are_forgotten_when_one_of_their_courses_changes(school: School, query: str) -> None:
    course = await school.course()
    asked, statements = await _ask(school, query)
    assert (asked, statements) == ({"total": 1, "items": [{"title": "Knots"}]}, 2)
    assert await _ask(school, query) == (asked, 0)
    done(await school.by(TUTOR, UpdateCourse(course.id, title="Hitches")))
    assert (await _ask(school, query))[0]["items"] == [{"title": "Hitches"}]
    draft = await school.course("Sails", publish=False)
    assert (await _ask(school, query))[0]["total"] == 1
    done(await school.by(TUTOR, PublishCourse(draft.id)))
    assert (await _ask(school, query))[0]["total"] == 2


async def test_the_list_of_a_tutor_is_forgotten_when_a_course_is_created(school: School) -> None:
    await school.course()
    await _ask(school, OF_TUTOR)
    assert (await _ask(school, OF_TUTOR))[1] == 0
    done(await school.by(TUTOR, CreateCourse("New", "x", "x", Difficulty.BEGINNER, 0, "EUR")))
    assert (await _ask(school, OF_TUTOR))[1] == 2


async def test_what_only_some_may_see_is_not_cached(school: School) -> None:
    draft = await school.course("Secrets", publish=False)
    for _ in range(2):
        for actor, total in ((TUTOR, 1), (STAFF, 1), (OTHER_TUTOR, 0), (None, 0)):
            client = school.ask_learning(actor)
            assert (await client.data(OF_TUTOR))["page"]["total"] == total
            seen = (await client.data(COURSE_BY_ID, id=draft.id))["course"]
            assert (seen is not None) == bool(total)
