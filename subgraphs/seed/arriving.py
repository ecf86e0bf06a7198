"""Who signs up, and what becomes of that: addresses that are verified or not, accounts that are closed, and
people who become something else.

They are besides the students who study, so that there is somebody in every state to look at.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from subgraphs.contracts.identity import Role
from subgraphs.identity.commands import (
    ChangePassword,
    ChangeUserRole,
    ConfirmEmailChange,
    CreateUser,
    DeactivateUser,
    DeleteUser,
    RegisterUser,
    RequestEmailChange,
    RequestPasswordReset,
    VerifyEmail,
)
from subgraphs.identity.domain import UserId, UserRole
from subgraphs.kernel.application.request import SYSTEM, Actor
from subgraphs.learning.commands.requesting import RequestCourseEnrollment
from subgraphs.payments.commands.cards import RegisterCard
from subgraphs.seed.content import Person, Story
from subgraphs.seed.courses import Teach
from subgraphs.seed.demo import DEMO_PASSWORD
from subgraphs.seed.plot import Plot, at_minute
from subgraphs.seed.run import Run

Doing: TypeAlias = Callable[[Run, "Happening"], Awaitable[None]]

_MORNING: Final = 9 * 60
_NOON: Final = 12 * 60
_TONIGHT: Final = 23 * 60 + 40
_NEW_ADDRESS: Final = "nora@lund.example"


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that somebody does, or that is done about them. What happened before has taken effect.

    `course` is the one that they would like to take.
    """

    at: datetime
    person: Person
    course: str
    doing: Doing

    async def carry_out(self, run: Run) -> None:
        await self.doing(run, self)


def arriving(plot: Plot) -> Iterator[Happening]:
    """What each of the newcomers does, on which day and at which minute."""
    courses = (step.course for step in plot.steps(Teach))
    course = next(one.title for one in courses if one.price and not one.is_draft)
    for person, story in plot.academy.newcomers:
        for days_ago, minute, doing in _STORIES[story]:
            yield Happening(at_minute(plot.day(days_ago), minute), person, course, doing)


async def _sign_up(run: Run, step: Happening) -> None:
    command = RegisterUser(step.person.email, DEMO_PASSWORD, *_names(step.person))
    user_id = await run.do("identity", command, SYSTEM)
    run.people[step.person.mailbox] = Actor(str(user_id), Role.STUDENT)


async def _verify(run: Run, step: Happening) -> None:
    await run.do("identity", VerifyEmail(run.code_mailed_to(step.person.email, by=step.at)), SYSTEM)


async def _forget_password(run: Run, step: Happening) -> None:
    await run.do("identity", RequestPasswordReset(step.person.email), SYSTEM)


async def _change_password(run: Run, step: Happening) -> None:
    command = ChangePassword(DEMO_PASSWORD, DEMO_PASSWORD)
    await run.do("identity", command, run.people[step.person.mailbox])


async def _ask_for_address(run: Run, step: Happening) -> None:
    command = RequestEmailChange(_NEW_ADDRESS, DEMO_PASSWORD)
    await run.do("identity", command, run.people[step.person.mailbox])


async def _confirm_address(run: Run, step: Happening) -> None:
    await run.do("identity", ConfirmEmailChange(run.code_mailed_to(_NEW_ADDRESS, by=step.at)), SYSTEM)


async def _suspend(run: Run, step: Happening) -> None:
    reason = "Sold the solutions of a test"
    await run.do("identity", DeactivateUser(_id_of(run, step.person), reason), SYSTEM)


async def _leave(run: Run, step: Happening) -> None:
    await run.do("identity", DeleteUser(_id_of(run, step.person)), run.people[step.person.mailbox])


async def _be_hired(run: Run, step: Happening) -> None:
    first_name, last_name = _names(step.person)
    command = CreateUser(step.person.email, first_name, last_name, UserRole.STAFF)
    user_id = await run.do("identity", command, SYSTEM)
    run.people[step.person.mailbox] = Actor(str(user_id), Role.STAFF)


async def _register_card(run: Run, step: Happening) -> None:
    await run.do("payments", RegisterCard("tok_declined"), run.people[step.person.mailbox])


async def _enroll(run: Run, step: Happening) -> None:
    command = RequestCourseEnrollment(run.ids["course", step.course])
    await run.do("learning", command, run.people[step.person.mailbox])


def _becoming(role: UserRole) -> Doing:
    async def become(run: Run, step: Happening) -> None:
        await run.do("identity", ChangeUserRole(_id_of(run, step.person), role), SYSTEM)

    return become


_TUTOR: Final = _becoming(UserRole.TUTOR)
_STUDENT: Final = _becoming(UserRole.STUDENT)
_ADMIN: Final = _becoming(UserRole.ADMIN)

_STORIES: Final[dict[Story, tuple[tuple[int, int, Doing], ...]]] = {
    Story.PENDING: ((1, _TONIGHT, _sign_up),),
    Story.REMINDED: ((3, _NOON, _sign_up),),
    Story.LAPSED: ((12, _MORNING, _sign_up),),
    Story.VERIFIED: (
        (6, _MORNING, _sign_up),
        (6, _MORNING + 20, _verify),
        (2, _NOON, _change_password),
        (1, _NOON, _forget_password),
    ),
    Story.MOVED: (
        (15, _NOON, _sign_up),
        (15, _NOON + 5, _verify),
        (2, _MORNING, _ask_for_address),
        (2, _MORNING + 8, _confirm_address),
    ),
    Story.SUSPENDED: ((20, _MORNING, _sign_up), (20, _MORNING + 3, _verify), (4, _NOON, _suspend)),
    Story.DELETED: ((18, _NOON, _sign_up), (18, _NOON + 9, _verify), (5, _MORNING, _leave)),
    Story.UNLUCKY: (
        (8, _NOON, _sign_up),
        (8, _NOON + 4, _verify),
        (8, _NOON + 10, _register_card),
        (1, _NOON, _enroll),
    ),
    Story.TUTOR_SINCE_TONIGHT: (
        (16, _MORNING, _sign_up),
        (16, _MORNING + 12, _verify),
        (1, _TONIGHT, _TUTOR),
    ),
    Story.TUTOR_SINCE_NOON: ((21, _NOON, _sign_up), (21, _NOON + 7, _verify), (1, _NOON, _TUTOR)),
    Story.FORMER_TUTOR: (
        (30, _NOON, _sign_up),
        (30, _NOON + 2, _verify),
        (19, _MORNING, _TUTOR),
        (4, _MORNING, _STUDENT),
    ),
    Story.ADMIN: ((25, _MORNING, _be_hired), (10, _MORNING, _ADMIN)),
}
"""Days ago, the minute of the day, and what happens."""


def _names(person: Person) -> tuple[str, str]:
    first_name, _, last_name = person.name.partition(" ")
    return first_name, last_name


def _id_of(run: Run, person: Person) -> UserId:
    return UserId(run.people[person.mailbox].id)
