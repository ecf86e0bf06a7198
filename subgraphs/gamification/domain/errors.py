"""What the rules of playing answer when they say no."""

from typing import Final

from subgraphs.kernel.domain import DomainError

USER_NOT_FOUND: Final = DomainError("USER_NOT_FOUND", "There is nobody of this id", "userId")
QUEST_NOT_FOUND: Final = DomainError("QUEST_NOT_FOUND", "This is none of today's quests", "questId")
QUEST_NOT_FULFILLED: Final = DomainError("QUEST_NOT_FULFILLED", "There is something left to do", "questId")
QUEST_ALREADY_COMPLETED: Final = DomainError(
    "QUEST_ALREADY_COMPLETED", "The reward is yours already", "questId"
)
BADGE_IS_EARNED: Final = DomainError("BADGE_IS_EARNED", "This badge is earned, and not given", "badge")
BADGE_ALREADY_UNLOCKED: Final = DomainError(
    "BADGE_ALREADY_UNLOCKED", "The player has this badge already", "badge"
)
