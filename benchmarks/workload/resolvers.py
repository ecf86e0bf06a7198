"""Which subgraph answers what. A field without a resolver is read from the record."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from benchmarks.workload.records import (
    ENTITIES,
    Record,
    course,
    courses_taught,
    exercises,
    leaderboard_entry,
    learning_summary,
    lesson,
    number_of,
    player_stats,
    profile,
    recent_xp,
    sections,
    tutor_of,
    user,
    xp_available,
)

Arguments: TypeAlias = Mapping[str, Any]
Resolver: TypeAlias = Callable[[Record, Arguments], Any]
Resolvers: TypeAlias = Mapping[tuple[str, str], Resolver]


def _known(_: Record, given: Arguments) -> list[Record]:
    return [ENTITIES[one["__typename"]](number_of(one["id"])) for one in given["representations"]]


def _as_given(_: Record, given: Arguments) -> list[Record]:
    """What a gateway forgets to bring for `@requires` is missing, and found out."""
    return list(given["representations"])


def _catalog(_: Record, given: Arguments) -> Record:
    return {"nodes": [course(number) for number in range(2, 2 + given["first"])]}


def _taught(record: Record, given: Arguments) -> Record:
    taught = courses_taught(number_of(record["id"]))
    return _page(taught[given["offset"] :][: given["limit"]], given, total=len(taught))


def _page(items: list[Record], given: Arguments, *, total: int) -> Record:
    offset, limit = given["offset"], given["limit"]
    return {
        "items": items,
        "total": total,
        "offset": offset,
        "limit": limit,
        "hasMore": offset + limit < total,
    }


SUBGRAPHS: Final[Mapping[str, Resolvers]] = {
    "identity": {
        ("Query", "_entities"): _known,
        ("Query", "userById"): lambda _, given: user(number_of(given["id"])),
        ("User", "profile"): lambda record, _: profile(number_of(record["id"])),
    },
    "learning": {
        ("Query", "_entities"): _known,
        ("Query", "courseCatalog"): _catalog,
        ("Query", "courseDetail"): lambda _, given: course(number_of(given["id"])),
        ("Course", "tutor"): lambda record, _: tutor_of(number_of(record["id"])),
        ("Course", "sections"): lambda record, _: sections(number_of(record["id"])),
        ("Lesson", "exercises"): lambda record, _: exercises(number_of(record["id"])),
        ("Lesson", "course"): lambda record, _: course(number_of(record["id"]) // 10),
        ("Exercise", "lesson"): lambda record, _: lesson(number_of(record["id"]) // 10),
        ("User", "coursesTaught"): _taught,
        ("User", "learningSummary"): lambda record, _: learning_summary(number_of(record["id"])),
    },
    "gamification": {
        ("Query", "_entities"): _as_given,
        ("Query", "leaderboard"): lambda _, given: [
            leaderboard_entry(rank) for rank in range(1, given["limit"] + 1)
        ],
        ("Course", "xpAvailable"): lambda record, _: xp_available(record),
        ("PlayerStats", "recentXp"): lambda record, given: recent_xp(
            number_of(record["user"]["id"]), given["limit"]
        ),
        ("User", "playerStats"): lambda record, _: player_stats(number_of(record["id"])),
    },
}

#: The whole graph as one schema: what a gateway must answer. No client can ask for `_entities`.
WHOLE: Final[Resolvers] = {key: found for subgraph in SUBGRAPHS.values() for key, found in subgraph.items()}

__all__ = ["SUBGRAPHS", "WHOLE", "Arguments", "Resolver", "Resolvers"]
