"""Whom to log in as in the demonstration academy, and what to ask first."""

from pathlib import Path
from typing import Final, NamedTuple


class DemoLogin(NamedTuple):
    """Somebody one can be."""

    role: str
    email: str
    password: str


DEMO_PASSWORD: Final = "learn-with-owls"  # noqa: S105 -- printed at every start: it opens the demonstration only

# bcrypt with 12 rounds takes a third of a second, and a new hash would differ from run to run.
DEMO_PASSWORD_HASH: Final = "$2b$12$dqgGLj1v..P7gSvcEQOsgeFI2dDCzTE/k23yiWqVF0PUDOWXtyDji"  # noqa: S105 -- as above

DEMO_LOGINS: Final = (
    DemoLogin("student", "aisha.rahman@academy.example", DEMO_PASSWORD),
    DemoLogin("tutor", "amara.okafor@academy.example", DEMO_PASSWORD),
    DemoLogin("staff", "hannah.weiss@academy.example", DEMO_PASSWORD),
    DemoLogin("admin", "mateo.rossi@academy.example", DEMO_PASSWORD),
    DemoLogin("super_admin", "ingrid.solberg@academy.example", DEMO_PASSWORD),
)

DEFAULT_QUERY: Final = """\
# One query, three subgraphs: identity knows people, learning knows courses,
# gamification knows who has earned what. Run it, then look at the query plan.
query Academy {
  courseCatalog(first: 5) {
    nodes {
      title
      subject
      difficulty
      price { amountMinor currency }
      exerciseCount
      xpAvailable # gamification computes it from learning's difficulty and counts
      tutor { name }
    }
  }
  leaderboard(type: WEEKLY, limit: 5) {
    rank
    xp
    user {
      name
      playerStats { level totalXp currentStreak badges { type } }
      learningSummary { startedCourseCount completedCourseCount completedExerciseCount }
    }
  }
}
"""

LOGIN_OPERATION: Final = """
mutation ($email: String!, $password: String!) {
  login(input: {email: $email, password: $password}) { accessToken errors { message } }
}
"""

_OPERATIONS: Final = Path(__file__).parents[1] / "operations"

EXAMPLES: Final = tuple(
    (_OPERATIONS / f"{name}.graphql").read_text(encoding="utf-8")
    for name in ("my-dashboard", "tutor-dashboard", "my-classes", "staff-users")
)
"""What each role sees first: these are checked against the graph."""

SAMPLE_QUERY: Final = (
    "{ leaderboard(limit: 3) { rank xp user { name learningSummary { completedCourseCount } } } }"
)
