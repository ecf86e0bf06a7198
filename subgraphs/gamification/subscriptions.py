"""What gamification does about what happens elsewhere."""

from typing import Any, Final, TypeVar

from subgraphs.contracts import gamification as contract
from subgraphs.contracts.classes import AttendanceMarked, AttendanceStatus
from subgraphs.contracts.identity import UserDeleted, UserSettingsUpdated
from subgraphs.contracts.learning import ExerciseCompleted, LessonCompleted
from subgraphs.gamification.commands import AwardXp, ForgetPlayer, MovePlayer, UpdateStreak
from subgraphs.gamification.domain.achievements import Difficulty, ExerciseType
from subgraphs.gamification.domain.quests import Activity, QuestType
from subgraphs.gamification.domain.values import SourceType
from subgraphs.gamification.domain.xp_calculator import calculate_for_exercise, calculate_for_lesson
from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.domain import Failure
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import UnitOfWork

R = TypeVar("R")

AWARD_XP: Final = "gamification.award_xp"
AWARD: Final = "gamification.award"
STREAKS: Final = "gamification.streaks"
PEOPLE: Final = "gamification.people"

_FULL_MARKS: Final = 100


class AwardRefusedError(Exception):
    """An event asks for what the rules do not allow: a bug somewhere, for the dead letters."""


def subscriptions(commands: CommandBus) -> tuple[Subscription[Any], ...]:
    """With `commands`: award XP for every exercise, every lesson and every request, keep streaks going, and
    know where players live."""

    async def act(command: Command[R], envelope: Envelope[Any], work: UnitOfWork) -> R:
        result = await commands.execute_within(work, command, envelope.request())
        if isinstance(result, Failure):
            raise AwardRefusedError(f"{result.error.code}: {result.error.message}")
        return result.value

    async def on_exercise_completed(envelope: Envelope[ExerciseCompleted], work: UnitOfWork) -> None:
        event = envelope.body
        command = AwardXp(
            user_id=event.user_id,
            amount=calculate_for_exercise(ExerciseType(event.exercise_type), event.score),
            reason=f"Completed {event.exercise_type.lower()} exercise",
            source_type=SourceType.EXERCISE,
            source_id=event.exercise_id,
            earned_at=event.completed_at,
            activity=_exercise(event),
        )
        await act(command, envelope, work)

    async def on_lesson_completed(envelope: Envelope[LessonCompleted], work: UnitOfWork) -> None:
        event = envelope.body
        command = AwardXp(
            user_id=event.user_id,
            amount=calculate_for_lesson(Difficulty(event.difficulty)),
            reason=f"Completed {event.difficulty.lower()} lesson",
            source_type=SourceType.LESSON,
            source_id=event.lesson_id,
            earned_at=event.completed_at,
            activity=Activity({QuestType.COMPLETE_LESSON: 1}),
        )
        await act(command, envelope, work)

    async def on_award(envelope: Envelope[contract.AwardXp], work: UnitOfWork) -> None:
        asked = envelope.body
        command = AwardXp(
            user_id=asked.user_id,
            amount=asked.amount,
            reason=asked.reason,
            source_type=SourceType.AWARD,
            source_id=asked.source_id,
            earned_at=asked.earned_at,
        )
        done = await act(command, envelope, work)
        answer = contract.XpAwarded(asked.user_id, asked.source_id, done.amount, done.total_xp)
        work.reply(envelope, answer)

    async def on_attendance(envelope: Envelope[AttendanceMarked], work: UnitOfWork) -> None:
        if envelope.body.status is not AttendanceStatus.ABSENT:
            await act(UpdateStreak(envelope.body.student_id, envelope.body.held_at), envelope, work)

    async def on_settings(envelope: Envelope[UserSettingsUpdated], work: UnitOfWork) -> None:
        await act(MovePlayer(envelope.body.user_id, envelope.body.time_zone), envelope, work)

    async def on_deleted(envelope: Envelope[UserDeleted], work: UnitOfWork) -> None:
        await act(ForgetPlayer(envelope.body.user_id), envelope, work)

    return (
        Subscription(AWARD_XP, ExerciseCompleted, on_exercise_completed),
        Subscription(AWARD_XP, LessonCompleted, on_lesson_completed),
        Subscription(AWARD, contract.AwardXp, on_award, skips_dead=True),
        Subscription(STREAKS, AttendanceMarked, on_attendance, key=lambda event: event.student_id),
        Subscription(PEOPLE, UserSettingsUpdated, on_settings),
        Subscription(PEOPLE, UserDeleted, on_deleted),
    )


def _exercise(event: ExerciseCompleted) -> Activity:
    """What an exercise counts for."""
    type_ = ExerciseType(event.exercise_type)
    return Activity(
        {
            QuestType.COMPLETE_EXERCISES: 1,
            QuestType.FULL_MARKS: int(event.score == _FULL_MARKS and type_ is not ExerciseType.READING),
            QuestType.CODING: int(type_ is ExerciseType.CODING),
            QuestType.QUIZ: int(type_ is ExerciseType.QUIZ),
        }
    )
