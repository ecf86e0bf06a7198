"""The subgraph as clients and the gateway see it."""

from datetime import timedelta
from typing import Any

from subgraphs.learning.commands.studying import CompleteExercise
from subgraphs.learning.domain.values import Difficulty
from tests.subgraphs.learning.school import OTHER_STUDENT, STUDENT, School, selects
from tests.subgraphs.people import done

STATS = """
    query ($id: ID!) { playerStats(userId: $id) {
        totalXp level xpIntoLevel xpToNextLevel currentStreak longestStreak
        rank weekly: rank(type: WEEKLY)
        badges { type } recentXp(limit: 2) { amount reason source { __typename ... on Exercise { id } } }
        user { id }
    } }
"""
ENTITIES = """
    query ($r: [_Any!]!) { _entities(representations: $r) {
        ... on User { id playerStats { totalXp rank badges { type } recentXp { amount } } }
        ... on Course { id xpAvailable }
    } }
"""


async def test_who_has_earned_nothing_stands_at_the_beginning(school: School) -> None:
    assert (await school.ask_gamification().data(STATS, id=STUDENT.id))["playerStats"] == {
        "totalXp": 0,
        "level": 1,
        "xpIntoLevel": 0,
        "xpToNextLevel": 50,
        "currentStreak": 0,
        "longestStreak": 0,
        "rank": None,
        "weekly": None,
        "badges": [],
        "recentXp": [],
        "user": {"id": STUDENT.id},
    }


async def test_a_completed_exercise_shows_in_the_stats(school: School) -> None:
    course = await school.course()
    for exercise_id in course.exercise_ids[:2]:
        done(await school.by(STUDENT, CompleteExercise(exercise_id, 100)))
        school.clock.advance(timedelta(minutes=1))
    await school.deliver()
    stats = (await school.ask_gamification().data(STATS, id=STUDENT.id))["playerStats"]
    assert (stats["totalXp"], stats["level"], stats["xpIntoLevel"], stats["xpToNextLevel"]) == (50, 2, 0, 100)
    assert (stats["currentStreak"], stats["rank"], stats["weekly"]) == (1, 1, 1)
    assert stats["badges"] == [{"type": "FIRST_STEPS"}]
    # The quiz and the lesson that it completed were earned at once.
    assert sorted(each["reason"] for each in stats["recentXp"]) == [
        "Completed beginner lesson",
        "Completed quiz exercise",
    ]
    assert {each["source"]["__typename"] for each in stats["recentXp"]} == {"Exercise", "Lesson"}
    assert (
        await school.ask_gamification().data(
            "query ($id: ID!) { badges(userId: $id) { type } }", id=STUDENT.id
        )
    )["badges"] == [{"type": "FIRST_STEPS"}]


async def test_the_leaderboard_is_public(school: School) -> None:
    course = await school.course()
    done(await school.by(STUDENT, CompleteExercise(course.exercise_ids[0], 100)))
    done(await school.by(OTHER_STUDENT, CompleteExercise(course.exercise_ids[1], 100)))
    await school.deliver()
    query = """query ($type: LeaderboardType! = WEEKLY, $limit: Int! = 100) {
        leaderboard(type: $type, limit: $limit) { rank xp level user { id } }
    }"""
    visitor = school.ask_gamification()
    first = {"rank": 1, "xp": 20, "level": 1, "user": {"id": OTHER_STUDENT.id}}
    second = {"rank": 2, "xp": 10, "level": 1, "user": {"id": STUDENT.id}}
    for leaderboard in ("WEEKLY", "MONTHLY", "ALL_TIME"):
        assert await visitor.data(query, type=leaderboard) == {"leaderboard": [first, second]}
    assert await visitor.data(query, limit=1) == {"leaderboard": [first]}
    assert await visitor.data("{ leaderboard { xp } }") == {"leaderboard": [{"xp": 20}, {"xp": 10}]}
    refusal = await visitor.execute(query, limit=101)
    assert refusal["errors"][0]["extensions"]["code"] == "INVALID_LIMIT"


async def test_the_xp_available_in_a_course_is_what_one_can_earn(school: School) -> None:
    """What `@requires` brings from learning is enough to foretell the sum of all awards."""
    course = await school.course(difficulty=Difficulty.INTERMEDIATE)
    required = await school.ask_learning().data(
        """query ($id: ID!) {
            courseDetail(id: $id) { id difficulty lessonCount exerciseCounts { type count } }
        }""",
        id=course.id,
    )
    representation = {"__typename": "Course", **required["courseDetail"]}
    client = school.ask_gamification()
    [entity] = (await client.data(ENTITIES, r=[representation]))["_entities"]
    for exercise_id in course.exercise_ids:
        done(await school.by(STUDENT, CompleteExercise(exercise_id, 100)))
    await school.deliver()
    stats = await client.data(STATS, id=STUDENT.id)
    assert entity == {"id": course.id, "xpAvailable": stats["playerStats"]["totalXp"]}


async def test_without_what_is_required_the_xp_available_is_unknown(school: School) -> None:
    representations: list[dict[str, Any]] = [
        {"__typename": "Course", "id": "1"},
        {"__typename": "Course", "id": "2", "difficulty": None, "lessonCount": None, "exerciseCounts": None},
        {"__typename": "Course", "id": "3", "difficulty": "EXTREME", "lessonCount": 1, "exerciseCounts": []},
        {
            "__typename": "Course",
            "id": "4",
            "difficulty": "BEGINNER",
            "lessonCount": 1,
            "exerciseCounts": [{"type": "DIVING", "count": 1}],
        },
    ]
    entities = (await school.ask_gamification().data(ENTITIES, r=representations))["_entities"]
    assert [entity["xpAvailable"] for entity in entities] == [None] * 4


async def test_many_players_are_one_statement_per_field(school: School) -> None:
    course = await school.course()
    for student in (STUDENT, OTHER_STUDENT):
        done(await school.by(student, CompleteExercise(course.exercise_ids[0], 100)))
    await school.deliver()
    representations = [
        {"__typename": "User", "id": user_id} for user_id in (STUDENT.id, OTHER_STUDENT.id, "?")
    ] * 2
    with selects() as counted:
        entities = (await school.ask_gamification().data(ENTITIES, r=representations))["_entities"]
    assert [entity["playerStats"]["totalXp"] for entity in entities] == [10, 10, 0] * 2
    assert len(counted) == 5  # which tables, stats, rank, badges, recent XP
