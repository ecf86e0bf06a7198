"""What is asked of the students beyond exercises, what they hand in, and what it was worth."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from subgraphs.assessment.commands.assigning import CreateAssignment
from subgraphs.assessment.commands.grading import GiveFeedback, GradeSubmission
from subgraphs.assessment.commands.submitting import SubmitAssignment
from subgraphs.assessment.domain.values import SubmissionType
from subgraphs.seed.content import Course, Person
from subgraphs.seed.courses import Teach
from subgraphs.seed.plot import Plot
from subgraphs.seed.run import Run
from subgraphs.seed.studying import Complete

_TIME_TO_HAND_IN: Final = timedelta(days=60)
_HANDS_IN: Final = 0.7
_WORKS: Final = (
    "I began three times. This is what was left when I took away everything that I could not explain.",
    "It took an evening. The second half is better than the first, because by then I knew what I wanted.",
    "My neighbour has asked the question that I had hoped nobody would ask. I answer it at the end.",
    "Short, because it is short. I have checked it twice.",
)
_SAID: Final = (
    (90, "I have nothing to add, and that happens twice a year."),
    (70, "Good. Your second thought is better than your first: begin with it."),
    (0, "The beginning of something. Come and see me, we look at it together."),
)


@dataclass(frozen=True, slots=True)
class Assign:
    """A tutor asks for something."""

    at: datetime
    course: Course
    number: int

    async def carry_out(self, run: Run) -> None:
        wanted = self.course.assignments[self.number]
        command = CreateAssignment(
            run.ids["course", self.course.title],
            wanted.title,
            wanted.instructions,
            tuple(map(SubmissionType, wanted.types)),
            max_points=wanted.points,
            due_at=self.at + _TIME_TO_HAND_IN,
        )
        assignment_id = await run.do("assessment", command, run.people[self.course.tutor])
        run.ids["assignment", self.course.title, self.number] = str(assignment_id)


@dataclass(frozen=True, slots=True)
class HandIn:
    """A student hands it in."""

    at: datetime
    student: Person
    course: Course
    number: int
    work: str

    async def carry_out(self, run: Run) -> None:
        type_ = SubmissionType(self.course.assignments[self.number].types[0])
        address = f"https://{self.student.mailbox}.academy.example/{self.number + 1}"
        content = address if type_ in (SubmissionType.LINK, SubmissionType.FILE) else self.work
        assignment_id = run.ids["assignment", self.course.title, self.number]
        command = SubmitAssignment(assignment_id, type_, content)
        submission_id = await run.do("assessment", command, run.people[self.student.mailbox])
        run.ids["submission", self.student.mailbox, self.course.title, self.number] = str(submission_id)


@dataclass(frozen=True, slots=True)
class Grade:
    """The tutor says what it is worth, of a hundred percent, and why."""

    at: datetime
    student: Person
    course: Course
    number: int
    percent: int

    async def carry_out(self, run: Run) -> None:
        submission_id = run.ids["submission", self.student.mailbox, self.course.title, self.number]
        tutor = run.people[self.course.tutor]
        points = self.course.assignments[self.number].points * self.percent // 100
        await run.do("assessment", GradeSubmission(submission_id, points), tutor)
        said = next(text for least, text in _SAID if self.percent >= least)
        await run.do("assessment", GiveFeedback(submission_id, said), tutor)


Assigning: TypeAlias = Assign | HandIn | Grade


def assigning(plot: Plot) -> Iterator[Assigning]:
    """A day after a course was published its assignments are there; most of those who take it hand in."""
    first: dict[tuple[str, str], Complete] = {}
    for step in sorted(plot.steps(Complete), key=lambda step: step.at):
        first.setdefault((step.course.title, step.student.mailbox), step)
    for teach in plot.steps(Teach):
        assigned_at = teach.at + timedelta(days=1)
        if teach.course.is_draft or assigned_at.date() >= plot.today:
            continue
        for number in range(len(teach.course.assignments)):
            yield Assign(assigned_at, teach.course, number)
            for (title, _), begun in first.items():
                if title == teach.course.title and plot.random.random() < _HANDS_IN:
                    yield from _handed_in(begun, number, max(assigned_at, begun.at), plot)


def _handed_in(begun: Complete, number: int, earliest: datetime, plot: Plot) -> Iterator[HandIn | Grade]:
    """Some days later, if that is not to come yet; and its grade, unless the tutor has yet to look at it."""
    at = earliest + timedelta(days=plot.random.randint(1, 9), minutes=plot.random.randint(0, 90))
    graded_at = at + timedelta(days=plot.random.randint(1, 6))
    work, percent = plot.random.choice(_WORKS), min(100, begun.score + plot.random.randint(-10, 8))
    if at.date() < plot.today:
        yield HandIn(at, begun.student, begun.course, number, work)
        if graded_at.date() < plot.today:
            yield Grade(graded_at, begun.student, begun.course, number, percent)
