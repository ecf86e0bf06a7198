"""The real platform, as its users know it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final, NamedTuple

import yaml

from subgraphs.seed.demo import DEMO_LOGINS
from tests.dev.process import REPOSITORY, PlaitDev, ask, plait_dev

_STUDENTS: Final = 10
_COURSES: Final = 5

#: One request, three subgraphs: who has earned most (gamification), what they are called (identity), and how
#: far they have come (learning).
ACROSS = """
query Across {
  leaderboard(type: ALL_TIME, limit: 3) {
    rank
    xp
    user { name playerStats { totalXp } learningSummary { completedExerciseCount } }
  }
}
"""

_LOGIN = """
mutation ($email: String!, $password: String!) {
  login(input: {email: $email, password: $password}) { accessToken user { id } errors { code } }
}
"""
_TO_DO = """
{
  courseCatalog(first: 50) {
    nodes {
      id
      myEnrollment { status }
      sections { lessons { exercises { id type isGraded } } }
      myProgress { exercises { exercise { id } } }
    }
  }
}
"""


class Academy(NamedTuple):
    """Where its code and its data are."""

    root: Path
    data_dir: Path

    @contextmanager
    def running(self, *arguments: str) -> Iterator[PlaitDev]:
        """Answering."""
        with plait_dev(self.root, self.data_dir, *arguments) as process:
            process.is_ready()
            yield process


def copied(root: Path) -> Path:
    """A copy of this repository's platform in an empty folder, with fewer people and courses to be seeded."""
    shutil.copytree(
        REPOSITORY / "subgraphs", root / "subgraphs", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(REPOSITORY / "plait.yaml", root)
    people, courses = (root / f"subgraphs/seed/academy/{name}.yaml" for name in ("people", "courses"))
    everybody = yaml.safe_load(people.read_text(encoding="utf-8"))
    few = everybody | {"students": everybody["students"][:_STUDENTS], "newcomers": []}
    people.write_text(yaml.safe_dump(few), encoding="utf-8")
    taught = yaml.safe_load(courses.read_text(encoding="utf-8"))[:_COURSES]
    courses.write_text(yaml.safe_dump(taught), encoding="utf-8")
    return root


class Student(NamedTuple):
    """Somebody who has logged in."""

    id: str
    token: str

    def asks(self, url: str, query: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        response = ask(url, query, variables, token=self.token)
        assert "errors" not in response, response
        return response["data"]

    def xp(self, url: str) -> int:
        """What the player has earned."""
        query = "query ($id: ID!) { playerStats(userId: $id) { totalXp } }"
        return int(self.asks(url, query, id=self.id)["playerStats"]["totalXp"])

    def exercise_to_do(self, url: str) -> tuple[str, str]:
        """Id and type of an exercise with which no lesson is completed, of a course that is taken."""
        courses = self.asks(url, _TO_DO)["courseCatalog"]["nodes"]
        for course in sorted(courses, key=lambda course: course["myEnrollment"] is None):
            done = {one["exercise"]["id"] for one in (course["myProgress"] or {"exercises": ()})["exercises"]}
            lessons = (lesson for section in course["sections"] for lesson in section["lessons"])
            left = ([one for one in lesson["exercises"] if one["id"] not in done] for lesson in lessons)
            to_do = next((exercises for exercises in left if exercises), [])  # those behind it are locked
            if len(to_do) > 1 and not to_do[0]["isGraded"]:
                if course["myEnrollment"] is None:
                    self.enrolls(url, course["id"])
                return to_do[0]["id"], to_do[0]["type"]
        raise AssertionError("the student has done everything")

    def enrolls(self, url: str, course_id: str) -> None:
        """Ask for a course, pay, and wait until it is there."""
        mutation = """
        mutation ($id: ID!) { requestCourseEnrollment(input: {courseId: $id}) {
          enrollmentRequest { id } errors { code }
        } }
        """
        payload = self.asks(url, mutation, id=course_id)["requestCourseEnrollment"]
        assert payload["errors"] == []
        request, deadline = payload["enrollmentRequest"]["id"], monotonic() + 240
        query = "query ($id: ID!) { enrollmentRequest(id: $id) { status } }"
        while self.asks(url, query, id=request)["enrollmentRequest"]["status"] == "PENDING":
            assert monotonic() < deadline, "the enrolment is still pending"
            sleep(0.05)

    def completes(self, url: str, exercise_id: str) -> None:
        """Complete an exercise with full marks."""
        mutation = """
        mutation ($id: ID!) { completeExercise(input: {exerciseId: $id, score: 100}) {
          studentProgress { status } errors { code message }
        } }
        """
        payload = self.asks(url, mutation, id=exercise_id)["completeExercise"]
        assert payload["errors"] == []
        assert payload["studentProgress"] is not None


def log_in(url: str) -> Student:
    """The demonstration's student."""
    id_, token = log_in_as(url, "student")
    return Student(id_, token)


def log_in_as(url: str, role: str) -> tuple[str, str]:
    """The id and an access token of somebody of the demonstration."""
    person = next(login for login in DEMO_LOGINS if login.role == role)
    response = ask(url, _LOGIN, {"email": person.email, "password": person.password})
    login = response["data"]["login"]
    assert login["errors"] == []
    return login["user"]["id"], login["accessToken"]
