"""How much of a course is done."""

from subgraphs.learning.domain.values import ProgressStatus


def percent(*, completed: int, total: int) -> int:
    """Completed lessons and exercises as a whole percentage, rounded down: 100 means that nothing is left."""
    return 100 * min(completed, total) // total if total else 0


def average_score(*, score_total: int, completed_exercises: int) -> int | None:
    """The mean score of the completed exercises, rounded half up; None before the first one."""
    if not completed_exercises:
        return None
    return (2 * score_total + completed_exercises) // (2 * completed_exercises)


def status(*, completed: int, total: int) -> ProgressStatus:
    """COMPLETED once nothing is left; a course that grows later is in progress again."""
    return ProgressStatus.COMPLETED if total and completed >= total else ProgressStatus.IN_PROGRESS
