"""The subgraph as clients and the gateway see it."""

from typing import Any

import pytest

from subgraphs.contracts.caches import COURSE
from subgraphs.contracts.identity import Role
from subgraphs.kernel.application.request import Actor
from subgraphs.kernel.testing.client import GraphQLClient
from subgraphs.learning.commands.studying import CompleteExercise
from subgraphs.learning.domain.values import Difficulty
from tests.subgraphs.learning.school import OTHER_STUDENT, OTHER_TUTOR, STAFF, STUDENT, TUTOR, School, selects
from tests.subgraphs.people import codes, done, person

CATALOG = """
    query ($subject: String, $difficulty: Difficulty, $first: Int! = 20, $after: String) {
      courseCatalog(subject: $subject, difficulty: $difficulty, first: $first, after: $after) {
        nodes { title } pageInfo { hasNextPage endCursor }
      }
    }
"""
ENROLL = """
    mutation ($input: EnrollStudentInCourseInput!) {
      enrollStudentInCourse(input: $input) { enrollment { id status course { title } } errors { code } }
    }
"""
DETAIL = "query ($id: ID!) { courseDetail(id: $id) { title } }"
COMPLETE = """
    mutation ($input: CompleteExerciseInput!) {
      completeExercise(input: $input) {
        studentProgress {
          status percent completedExerciseCount exerciseCount completedLessonCount lessonCount averageScore
          student { id } course { title } exercises { score exercise { id title } }
        }
        errors { code message field }
      }
    }
"""
ENTITIES = """
    query ($r: [_Any!]!) {
      _entities(representations: $r) {
        __typename
        ... on Course { id title exerciseCounts { type count } }
        ... on Lesson { id title }
        ... on Exercise { id title }
        ... on User { id coursesTaught { total items { title } } learningSummary { startedCourseCount } }
      }
    }
"""


async def _make_course(client: GraphQLClient) -> dict[str, Any]:
    """Every authoring mutation, as a tutor's client would send them; returns the published course."""
    create = """mutation ($input: CreateCourseInput!) {
        createCourse(input: $input) {
          course { id status description price { amountMinor currency } } errors { code }
        }
    }"""
    price = {"amountMinor": 0}
    made = await client.data(
        create,
        input={
            "title": "Knots",
            "subject": "Seamanship",
            "difficulty": "BEGINNER",
            "price": price,
        },
    )
    course = made["createCourse"]["course"]
    assert (course["status"], course["description"]) == ("DRAFT", "")
    assert course["price"] == {"amountMinor": 0, "currency": "EUR"}
    section = await client.data(
        "mutation ($i: AddSectionInput!) { addSection(input: $i) { section { id } errors { code } } }",
        i={"courseId": course["id"], "title": "Basics"},
    )
    lesson = await client.data(
        "mutation ($i: AddLessonInput!) { addLesson(input: $i) { lesson { id content } errors { code } } }",
        i={"sectionId": section["addSection"]["section"]["id"], "title": "Bowline", "content": "Up."},
    )
    assert lesson["addLesson"]["lesson"]["content"] == "Up."
    await client.data(
        "mutation ($i: AddExerciseInput!) { addExercise(input: $i) { exercise { id } errors { code } } }",
        i={
            "lessonId": lesson["addLesson"]["lesson"]["id"],
            "type": "CODING",
            "title": "Tie",
            "instructions": "Tie it.",
        },
    )
    published = await client.data(
        """mutation ($i: PublishCourseInput!) {
            publishCourse(input: $i) {
              course { id status lessonCount exerciseCount exerciseCounts { type count } tutor { id } }
              errors { code }
            }
        }""",
        i={"courseId": course["id"]},
    )
    result: dict[str, Any] = published["publishCourse"]["course"]
    return result


async def test_a_tutor_makes_a_course_and_a_student_works_through_it(school: School) -> None:
    course = await _make_course(school.ask_learning(TUTOR))
    assert course == {
        "id": course["id"],
        "status": "PUBLISHED",
        "lessonCount": 1,
        "exerciseCount": 1,
        "exerciseCounts": [{"type": "CODING", "count": 1}],
        "tutor": {"id": TUTOR.id},
    }
    student = school.ask_learning(STUDENT)
    enrolled = await student.data(ENROLL, input={"courseId": course["id"]})
    assert enrolled["enrollStudentInCourse"]["errors"] == []
    detail = await student.data(
        """query ($id: ID!) { courseDetail(id: $id) {
            myProgress { percent }
            sections { title lessons { title content exercises { id title instructions } } }
        } }""",
        id=course["id"],
    )
    assert detail["courseDetail"]["myProgress"] is None
    [section] = detail["courseDetail"]["sections"]
    [exercise] = section["lessons"][0]["exercises"]
    completed = await student.data(COMPLETE, input={"exerciseId": exercise["id"], "score": 90})
    assert completed["completeExercise"] == {
        "studentProgress": {
            "status": "COMPLETED",
            "percent": 100,
            "completedExerciseCount": 1,
            "exerciseCount": 1,
            "completedLessonCount": 1,
            "lessonCount": 1,
            "averageScore": 90,
            "student": {"id": STUDENT.id},
            "course": {"title": "Knots"},
            "exercises": [{"score": 90, "exercise": {"id": exercise["id"], "title": "Tie"}}],
        },
        "errors": [],
    }


async def test_refusals_of_mutations_are_data(school: School) -> None:
    course = await school.course()
    visitor = await school.ask_learning().data(COMPLETE, input={"exerciseId": course.exercise_ids[0]})
    assert visitor["completeExercise"] == {
        "studentProgress": None,
        "errors": [{"code": "UNAUTHENTICATED", "message": "Log in first", "field": None}],
    }
    student = school.ask_learning(STUDENT)
    wrong = await student.data(COMPLETE, input={"exerciseId": course.exercise_ids[0], "score": 101})
    assert wrong["completeExercise"]["errors"] == [
        {"code": "INVALID_SCORE", "message": "A score is 0 to 100", "field": "score"}
    ]


async def test_the_catalogue_is_public_and_filtered_by_subject_and_difficulty(school: School) -> None:
    await school.course("Knots", subject="Seamanship")
    await school.course("Sails", subject="Seamanship", difficulty=Difficulty.ADVANCED)
    await school.course("Stars", subject="Astronomy")
    await school.course("Secrets", publish=False)
    visitor = school.ask_learning()

    async def titles(**variables: Any) -> set[str]:
        catalog = (await visitor.data(CATALOG, **variables))["courseCatalog"]
        return {course["title"] for course in catalog["nodes"]}

    assert await titles() == {"Knots", "Sails", "Stars"}
    assert await titles(subject="seamanship") == {"Knots", "Sails"}
    assert await titles(subject="Seamanship", difficulty="ADVANCED") == {"Sails"}
    assert await titles(subject="Cooking") == set()
    by_subject = await visitor.data('{ coursesBySubject(subject: "SEAMANSHIP") { total } }')
    assert by_subject["coursesBySubject"]["total"] == 2


async def test_the_catalogue_comes_in_parts_that_have_every_course_once(school: School) -> None:
    for number in range(5):
        await school.course(f"Course {number}")
    visitor, titles, after = school.ask_learning(), [], None
    while True:
        part = (await visitor.data(CATALOG, first=2, after=after))["courseCatalog"]
        titles += [course["title"] for course in part["nodes"]]
        if not part["pageInfo"]["hasNextPage"]:
            break
        after = part["pageInfo"]["endCursor"]
        await school.course(f"Later {len(titles)}", subject="Knitting")  # moves nothing of what was seen
    assert sorted(title for title in titles if "Course" in title) == [f"Course {n}" for n in range(5)]
    assert len(titles) == len(set(titles))
    assert codes(await visitor.execute(CATALOG, first=101)) == ["INVALID_PAGE"]
    assert codes(await visitor.execute(CATALOG, after="nothing")) == ["INVALID_CURSOR"]


async def test_the_courses_of_a_subject_and_of_a_tutor_come_in_numbered_pages(school: School) -> None:
    for number in range(3):
        await school.course(f"Course {number}")
    visitor = school.ask_learning()
    for field in ('coursesBySubject(subject: "seamanship"', f'coursesByTutor(tutorId: "{TUTOR.id}"'):
        page_of = "page: $page, limit: 2) { total hasMore items { id } }"
        query = f"query ($page: Int!) {{ page: {field}, {page_of} }}"
        pages = [(await visitor.data(query, page=page))["page"] for page in (1, 2, 3)]
        assert [(page["total"], page["hasMore"], len(page["items"])) for page in pages] == [
            (3, True, 2),
            (3, False, 1),
            (3, False, 0),
        ]
        assert codes(await visitor.execute(query, page=0)) == ["INVALID_PAGE"]


@pytest.mark.parametrize(
    ("actor", "sees_it"),
    [(None, False), (STUDENT, False), (OTHER_TUTOR, False), (TUTOR, True), (STAFF, True)],
)
async def test_a_draft_is_seen_by_its_tutor_and_the_staff_only(
    school: School, actor: Actor | None, sees_it: bool
) -> None:
    draft = await school.course("Secrets", publish=False)
    client = school.ask_learning(actor)
    detail = (await client.data(DETAIL, id=draft.id))["courseDetail"]
    assert detail == ({"title": "Secrets"} if sees_it else None)
    by_tutor = await client.data("query ($id: ID!) { coursesByTutor(tutorId: $id) { total } }", id=TUTOR.id)
    assert by_tutor["coursesByTutor"]["total"] == int(sees_it)
    representations = [
        {"__typename": "Course", "id": draft.id},
        {"__typename": "Lesson", "id": draft.lesson_ids[0]},
        {"__typename": "Exercise", "id": draft.exercise_ids[0]},
    ]
    answer = await client.execute(ENTITIES, r=representations)
    assert [entity is not None for entity in answer["data"]["_entities"]] == [sees_it] * 3
    assert codes(answer) == ([] if sees_it else ["ENTITY_NOT_FOUND"] * 3)


async def test_visitors_see_what_there_is_to_learn_but_not_the_text(school: School) -> None:
    course = await school.course()
    query = """query ($id: ID!) { courseDetail(id: $id) {
        sections { lessons { title content exercises { title instructions } } }
    } }"""
    answer = await school.ask_learning().execute(query, id=course.id)
    [first, _] = answer["data"]["courseDetail"]["sections"][0]["lessons"]
    assert (first["title"], first["content"]) == ("Lesson 0", None)
    assert first["exercises"][0] == {"title": "A READING", "instructions": None}
    assert set(codes(answer)) == {"UNAUTHENTICATED"}
    stranger = school.ask_learning(person(77, Role.STUDENT))
    assert set(codes(await stranger.execute(query, id=course.id))) == {"NOT_ENROLLED"}
    for reader in (STUDENT, TUTOR, STAFF):
        assert "errors" not in await school.ask_learning(reader).execute(query, id=course.id)
    assert set(codes(await school.ask_learning(OTHER_TUTOR).execute(query, id=course.id))) == {"NOT_ENROLLED"}


async def test_progress_is_between_students_and_those_who_teach_them(school: School) -> None:
    mine, others = await school.course("Knots"), await school.course("Stars", tutor=OTHER_TUTOR)
    for course in (mine, others):
        done(await school.by(STUDENT, CompleteExercise(course.exercise_ids[0], 80)))
    query = """query ($id: ID) { studentProgress(studentId: $id) {
        total items { course { title } percent }
    } }"""

    async def titles(actor: Actor) -> list[str]:
        page = (await school.ask_learning(actor).data(query, id=STUDENT.id))["studentProgress"]
        assert page["total"] == len(page["items"])
        return sorted(item["course"]["title"] for item in page["items"])

    assert await titles(STUDENT) == ["Knots", "Stars"]
    assert await titles(STAFF) == ["Knots", "Stars"]
    assert await titles(TUTOR) == ["Knots"]
    assert codes(await school.ask_learning(OTHER_STUDENT).execute(query, id=STUDENT.id)) == ["FORBIDDEN"]
    assert codes(await school.ask_learning().execute(query, id=STUDENT.id)) == ["UNAUTHENTICATED"]
    own = (await school.ask_learning(STUDENT).data(query))["studentProgress"]
    assert {item["percent"] for item in own["items"]} == {20}  # one of three exercises and two lessons


async def test_how_much_somebody_has_learnt_is_public_but_not_what(school: School) -> None:
    course = await school.course()
    for exercise_id in course.exercise_ids:
        done(await school.by(STUDENT, CompleteExercise(exercise_id, 80)))
    done(await school.by(STUDENT, CompleteExercise((await school.course("Sails")).exercise_ids[0], 80)))
    query = """query ($r: [_Any!]!) { _entities(representations: $r) { ... on User {
        learningSummary { startedCourseCount completedCourseCount completedExerciseCount }
        studentProgress { total }
    } } }"""
    representations = [{"__typename": "User", "id": actor.id} for actor in (STUDENT, OTHER_STUDENT)]
    answer = await school.ask_learning().execute(query, r=representations)
    assert [user["learningSummary"] for user in answer["data"]["_entities"]] == [
        {"startedCourseCount": 2, "completedCourseCount": 1, "completedExerciseCount": 4},
        {"startedCourseCount": 0, "completedCourseCount": 0, "completedExerciseCount": 0},
    ]
    assert codes(answer) == ["UNAUTHENTICATED", "UNAUTHENTICATED"]


async def test_entities_of_one_type_are_one_statement(school: School) -> None:
    courses = [await school.course(f"Course {number}") for number in range(6)]
    client = school.ask_learning()

    async def statements(*representations: dict[str, str]) -> int:
        with selects() as counted:
            entities = (await client.data(ENTITIES, r=[*representations, *representations]))["_entities"]
        assert [entity["id"] for entity in entities] == [each["id"] for each in representations] * 2
        return len(counted)

    published = [{"__typename": "Course", "id": course.id} for course in courses]
    assert await statements(*published) == 0  # written through to the cache
    await school.platform.cache.forget([COURSE.group(course.id) for course in courses])
    assert await statements(*published) == 1
    lessons = [{"__typename": "Lesson", "id": one} for course in courses for one in course.lesson_ids]
    assert await statements(*lessons) == 1
    exercises = [{"__typename": "Exercise", "id": one} for course in courses for one in course.exercise_ids]
    assert await statements(*exercises) == 1
    # A user is a stub: one statement for each field that learning adds.
    users = [{"__typename": "User", "id": actor.id} for actor in (TUTOR, OTHER_TUTOR, STUDENT)]
    assert await statements(*users) == 2


async def test_a_whole_course_is_one_statement_per_level(school: School) -> None:
    for number in range(4):
        await school.course(f"Course {number}")
    query = """{ courseCatalog { nodes {
        title tutor { id } sections { lessons { title course { id } exercises { title lesson { id } } } }
    } } }"""
    with selects() as counted:
        await school.ask_learning().data(query)
    # The catalogue, sections, lessons, exercises, and lessons again for those who ask back up; single courses
    # are in the cache.
    assert len(counted) == 5


async def test_the_courses_taught_come_in_pages_too(school: School) -> None:
    for number in range(3):
        await school.course(f"Knots {number}")
    await school.course("Stars", tutor=OTHER_TUTOR)
    await school.course("Secrets", tutor=OTHER_TUTOR, publish=False)
    query = """query ($r: [_Any!]!) { _entities(representations: $r) { ... on User {
        coursesTaught(offset: 1, limit: 1) { total hasMore items { title } }
    } } }"""
    representations = [{"__typename": "User", "id": actor.id} for actor in (TUTOR, OTHER_TUTOR, STUDENT)]
    with selects() as counted:
        entities = (await school.ask_learning().data(query, r=representations))["_entities"]
    pages = [entity["coursesTaught"] for entity in entities]
    assert [(page["total"], page["hasMore"], len(page["items"])) for page in pages] == [
        (3, True, 1),
        (1, False, 0),
        (0, False, 0),
    ]
    assert len(counted) == 1


async def test_entities_nobody_knows_are_null(school: School) -> None:
    representations: list[dict[str, Any]] = [
        {"__typename": "Course", "id": "nothing"},
        {"__typename": "Lesson"},
        {"__typename": "Exercise", "id": None},
    ]
    answer = await school.ask_learning().execute(ENTITIES, r=representations)
    assert answer["data"]["_entities"] == [None] * 3
    assert codes(answer) == ["ENTITY_NOT_FOUND"] * 3
