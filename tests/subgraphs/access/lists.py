"""Every list that can be asked for, and how it is reached."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import GraphQLList, GraphQLObjectType, GraphQLSchema, GraphQLType, get_named_type, is_leaf_type
from graphql.type import GraphQLField, GraphQLNonNull

from tests.subgraphs.access.depths import all_of

LISTS: Final[Mapping[str, str]] = {
    "Query.sessions": "student: sessions",
    "Query.users": "staff: users",
    "Query.usersList": "staff: usersList",
    "Query.usersByRole": "staff: usersByRole(role: STUDENT)",
    "Query.courseCatalog": "staff: courseCatalog",
    "Query.coursesBySubject": 'student: coursesBySubject(subject: "Seamanship")',
    "Query.coursesByTutor": "student: coursesByTutor(tutorId: $tutor)",
    "Course.sections": "student: courseById(id: $course).sections",
    "Section.lessons": "student: courseById(id: $course).sections.lessons",
    "Lesson.exercises": "student: courseById(id: $course).sections.lessons.exercises",
    "Course.enrollments": "tutor: courseById(id: $course).enrollments",
    "User.coursesTaught": "staff: userById(id: $tutor).coursesTaught",
    "User.enrollments": "student: me.enrollments",
    "Query.studentProgress": "staff: studentProgress(studentId: $student)",
    "User.studentProgress": "student: me.studentProgress",
    "StudentProgress.exercises": "student: courseById(id: $course).myProgress.exercises",
    "StudentProgress.unlockedLessons": "student: courseById(id: $course).myProgress.unlockedLessons",
    "StudentProgress.quizAttempts": "student: courseById(id: $course).myProgress.quizAttempts",
    "StudentProgress.codingSubmissions": "student: courseById(id: $course).myProgress.codingSubmissions",
    "Query.classList": "staff: classList",
    "Query.classRoster": "tutor: classRoster(classId: $active)",
    "Query.attendanceReport": "tutor: attendanceReport(classId: $active)",
    "Query.unlockedLessons": "student: unlockedLessons(classId: $active)",
    "Class.roster": "tutor: classDetail(id: $active).roster",
    "Class.unlockedLessons": "student: classDetail(id: $active).unlockedLessons",
    "Course.classes": "staff: courseById(id: $course).classes",
    "User.classes": "student: me.classes",
    "User.classesTaught": "staff: userById(id: $tutor).classesTaught",
    "ClassEnrollment.payments": "student: creditBalance(classId: $active).payments",
    "ClassEnrollment.attendance": "student: creditBalance(classId: $active).attendance",
    "ClassEnrollment.creditLedger": "student: creditBalance(classId: $active).creditLedger",
    "Query.leaderboard": "visitor: leaderboard",
    "Query.dailyQuests": "student: dailyQuests",
    "Query.badges": "visitor: badges(userId: $student)",
    "PlayerStats.badges": "visitor: playerStats(userId: $student).badges",
    "PlayerStats.recentXp": "visitor: playerStats(userId: $student).recentXp",
    "Query.assignments": "student: assignments(courseId: $course)",
    "Course.assignments": "student: courseById(id: $course).assignments",
    "Class.assignments": "student: classDetail(id: $active).assignments",
    "Query.submissions": "tutor: submissions(assignmentId: $assignment)",
    "Assignment.submissions": "tutor: assignment(id: $assignment).submissions",
    "User.submissions": "student: me.submissions",
    "Submission.feedback": "student: submission(id: $submission).feedback",
    "Query.payments": "staff: payments",
    "Query.paymentHistory": "staff: paymentHistory(paymentId: $payment)",
    "Payment.history": "staff: payments(first: 40).history",
    "User.payments": "student: me.payments",
    "Query.invoices": "staff: invoices",
    "User.invoices": "student: me.invoices",
    "Query.creditNotes": "staff: creditNotes",
    "User.creditNotes": "student: me.creditNotes",
    "Invoice.creditNotes": "student: invoice(id: $credited).creditNotes",
    "Query.disputes": "staff: disputes",
    "Payment.disputes": "staff: payment(id: $payment).disputes",
    "Query.subscriptionPlans": "visitor: subscriptionPlans",
    "Query.searchTutors": "visitor: searchTutors",
    "Query.matches": 'visitor: matches(input: {subjects: ["Seamanship"]})',
    "Query.tutorSubjects": "visitor: tutorSubjects",
    "Query.notifications": "student: notifications",
    "User.notifications": "student: me.notifications",
    "Query.notificationDeliveries": "staff: notificationDeliveries",
}
"""By whom and by which fields; what they name is written $name."""

OF_ONE_ROW: Final = frozenset(
    {
        "Course.exerciseCounts",
        "Exercise.questions",
        "Exercise.tests",
        "Availability.windows",
        "NotificationPreferences.categories",
    }
)
"""Lists that are read with what they belong to."""

_WRAPPERS: Final = ("nodes", "items")
_STEP: Final = re.compile(r"(\w+)(?:\((.*)\))?")


@dataclass(frozen=True, slots=True)
class Reached:
    """A list, as somebody asks for it."""

    person: str
    steps: tuple[tuple[str, str], ...]
    field: GraphQLField

    @property
    def sizes(self) -> tuple[str, ...]:
        """The arguments that say which part of it."""
        return tuple(
            name for name in ("first", "limit", "offset", "page", "after") if name in self.field.args
        )

    def operation(
        self, ids: Mapping[str, str], part: Mapping[str, Any], *, selection: str | None = None
    ) -> str:
        """The query for a part of it: with these fields of each item, or with everything about them."""
        kind = get_named_type(self.field.type)
        inner = (
            all_of(kind, (), 2 if _wrapper(kind) else 1) if selection is None else _within(kind, selection)
        )
        last = len(self.steps) - 1
        for place, (name, given) in reversed([*enumerate(self.steps)]):
            arguments = ", ".join(filter(None, (given, _written(part) if place == last else "")))
            inner = f"{{ {name}{f'({arguments})' if arguments else ''} {inner} }}"
        return re.sub(r"\$(\w+)", lambda named: f'"{ids[named[1]]}"', inner)

    def items(self, answer: Any) -> list[Any]:
        """The items in an answer."""
        found = [answer["data"]]
        for name, _ in self.steps:
            found = [value for one in found for value in _flat(one[name])]
        return [item for one in found for item in _part(one)]


def lists_of(schema: GraphQLSchema) -> Iterator[str]:
    """The fields of a schema that are lists of objects, or parts of such lists, by their coordinates."""
    for kind in schema.type_map.values():
        if not isinstance(kind, GraphQLObjectType) or kind.name.startswith("_"):
            continue
        for name, field in kind.fields.items():
            if name.startswith("_") or name in ("edges", "errors", *_WRAPPERS):
                continue
            inner = get_named_type(field.type)
            if not is_leaf_type(inner) and (_is_list(field.type) or _wrapper(inner)):
                yield f"{kind.name}.{name}"


def reached(coordinate: str, schema: GraphQLSchema) -> Reached:
    """How a list of the table is asked for."""
    person, _, path = LISTS[coordinate].partition(": ")
    kind: Any = schema.query_type
    steps: list[tuple[str, str]] = []
    field = None
    for step in path.split("."):
        if field is not None and (wrapper := _wrapper(kind)):
            steps.append((wrapper, ""))
            kind = get_named_type(kind.fields[wrapper].type)
        match = _STEP.fullmatch(step)
        assert match is not None
        steps.append((match[1], match[2] or ""))
        field = kind.fields[match[1]]
        kind = get_named_type(field.type)
    assert field is not None
    return Reached(person, tuple(steps), field)


def _is_list(kind: GraphQLType) -> bool:
    return isinstance(kind.of_type if isinstance(kind, GraphQLNonNull) else kind, GraphQLList)


def _wrapper(kind: Any) -> str | None:
    fields = kind.fields if isinstance(kind, GraphQLObjectType) else {}
    return next((name for name in _WRAPPERS if name in fields), None)


def _within(kind: Any, selection: str) -> str:
    wrapper = _wrapper(kind)
    return f"{{ {wrapper} {{ {selection} }} }}" if wrapper else f"{{ {selection} }}"


def _written(part: Mapping[str, Any]) -> str:
    def value(one: Any) -> str:
        return f'"{one}"' if isinstance(one, str) else str(one)

    return ", ".join(f"{name}: {value(one)}" for name, one in part.items())


def _part(found: Any) -> list[Any]:
    """The items of a part of a list; what is none is an item."""
    match found:
        case {"nodes": list(items)} | {"items": list(items)}:
            return items
        case _:
            return [found]


def _flat(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [] if found is None else [found]
