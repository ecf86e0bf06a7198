"""Quizzes: questions whose right answers students never see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from subgraphs.kernel.domain import DomainError, Failure, IdGenerator, Result, Success, ValueObject
from subgraphs.learning.domain.identifiers import QuestionId
from subgraphs.learning.domain.values import Score

PASS_MARK: Final = Score(60)
"""With this score a quiz is done; with less one tries again."""

_MOST_QUESTIONS: Final = 50
_FEWEST_OPTIONS, _MOST_OPTIONS = 2, 10
_LONGEST_TEXT: Final = 2000

UNKNOWN_QUESTION: Final = DomainError("UNKNOWN_QUESTION", "The quiz has no such question", "answers")


@dataclass(frozen=True, slots=True)
class Question(ValueObject):
    """A question with options, of which all that are `right` are to be chosen and no others."""

    id: QuestionId
    text: str
    options: tuple[str, ...]
    right: frozenset[int]

    @classmethod
    def of(
        cls, text: str, options: Sequence[str], right: Sequence[int], *, ids: IdGenerator
    ) -> Result[Self, DomainError]:
        """INVALID_QUESTION unless it has a text, 2 to 10 different options, and one of them at least is
        right."""
        stripped = tuple(option.strip() for option in options)
        if not text.strip() or max(map(len, (text, *stripped))) > _LONGEST_TEXT or not all(stripped):
            return _invalid(f"Questions and options have 1 to {_LONGEST_TEXT} characters")
        if not _FEWEST_OPTIONS <= len(stripped) <= _MOST_OPTIONS or len(set(stripped)) < len(stripped):
            return _invalid(f"A question has {_FEWEST_OPTIONS} to {_MOST_OPTIONS} different options")
        if not right or not set(right) <= set(range(len(stripped))):
            return _invalid("The right options are counted from 0, and there is at least one")
        return Success(cls(QuestionId.new(ids), text.strip(), stripped, frozenset(right)))


@dataclass(frozen=True, slots=True)
class QuizAnswer(ValueObject):
    """The options that a student has chosen in a question."""

    question_id: QuestionId
    chosen: frozenset[int]


@dataclass(frozen=True, slots=True)
class Quiz(ValueObject):
    questions: tuple[Question, ...]

    @classmethod
    def of(cls, questions: Sequence[Question]) -> Result[Self, DomainError]:
        """INVALID_QUIZ unless there are 1 to 50 questions."""
        if not 1 <= len(questions) <= _MOST_QUESTIONS:
            return Failure(
                DomainError("INVALID_QUIZ", f"A quiz has 1 to {_MOST_QUESTIONS} questions", "questions")
            )
        return Success(cls(tuple(questions)))

    def grade(self, answers: Sequence[QuizAnswer]) -> Result[Score, DomainError]:
        """The share of the questions that are answered right; one without an answer is not.

        UNKNOWN_QUESTION, ANSWERED_TWICE.
        """
        chosen = {answer.question_id: answer.chosen for answer in answers}
        if len(chosen) < len(answers):
            return Failure(DomainError("ANSWERED_TWICE", "Each question is answered once at most", "answers"))
        if not chosen.keys() <= {question.id for question in self.questions}:
            return Failure(UNKNOWN_QUESTION)
        right = sum(chosen.get(question.id) == question.right for question in self.questions)
        return Success(Score.share(right, len(self.questions)))


def _invalid(message: str) -> Failure[DomainError]:
    return Failure(DomainError("INVALID_QUESTION", message, "questions"))
