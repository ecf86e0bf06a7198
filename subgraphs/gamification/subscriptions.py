"""What gamification does about what happens in learning."""

from typing import Any, Final

from subgraphs.contracts.learning import ExerciseCompleted, LessonCompleted
from subgraphs.gamification.commands import AwardXp
from subgraphs.gamification.domain.achievements import Difficulty, ExerciseType
from subgraphs.gamification.domain.values import SourceType
from subgraphs.gamification.domain.xp_calculator import calculate_for_exercise, calculate_for_lesson
from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.domain import Failure
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import UnitOfWork

AWARD_XP: Final = "gamification.award_xp"


class AwardRefusedError(Exception):
    """An event asks for an award that the rules do not allow: a bug somewhere, for the dead letters."""


def subscriptions(commands: CommandBus) -> tuple[Subscription[Any], ...]:
    """Award XP, with `commands`, for every exercise and every lesson completed."""

    async def award(command: AwardXp, envelope: Envelope[Any], work: UnitOfWork) -> None:
        result = await commands.execute_within(work, command, envelope.request())
        if isinstance(result, Failure):
            raise AwardRefusedError(f"{result.error.code}: {result.error.message}")

    async def on_exercise_completed(envelope: Envelope[ExerciseCompleted], work: UnitOfWork) -> None:
        event = envelope.body
        command = AwardXp(
            user_id=event.user_id,
            amount=calculate_for_exercise(ExerciseType(event.exercise_type), event.score),
            reason=f"Completed {event.exercise_type.lower()} exercise",
            source_type=SourceType.EXERCISE,
            source_id=event.exercise_id,
            earned_at=event.completed_at,
        )
        await award(command, envelope, work)

    async def on_lesson_completed(envelope: Envelope[LessonCompleted], work: UnitOfWork) -> None:
        event = envelope.body
        command = AwardXp(
            user_id=event.user_id,
            amount=calculate_for_lesson(Difficulty(event.difficulty)),
            reason=f"Completed {event.difficulty.lower()} lesson",
            source_type=SourceType.LESSON,
            source_id=event.lesson_id,
            earned_at=event.completed_at,
        )
        await award(command, envelope, work)

    return (
        Subscription(AWARD_XP, ExerciseCompleted, on_exercise_completed),
        Subscription(AWARD_XP, LessonCompleted, on_lesson_completed),
    )
