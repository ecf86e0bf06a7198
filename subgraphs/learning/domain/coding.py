"""Coding exercises: a program is given inputs, and its outputs are compared with what is expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from subgraphs.kernel.domain import DomainError, Failure, Result, Success, ValueObject
from subgraphs.learning.domain.values import Score

PASS_MARK: Final = Score(100)
"""A program is done when it passes every test."""

_MOST_TESTS: Final = 20
_LONGEST_TEXT: Final = 10_000
_LONGEST_PROGRAM: Final = 50_000


class RunOutcome(StrEnum):
    """How a run has ended."""

    FINISHED = "FINISHED"
    CRASHED = "CRASHED"
    TIMED_OUT = "TIMED_OUT"
    TOO_MUCH_OUTPUT = "TOO_MUCH_OUTPUT"


class Verdict(StrEnum):
    """What became of one test."""

    PASSED = "PASSED"
    WRONG_OUTPUT = "WRONG_OUTPUT"
    CRASHED = "CRASHED"
    TIMED_OUT = "TIMED_OUT"
    TOO_MUCH_OUTPUT = "TOO_MUCH_OUTPUT"


@dataclass(frozen=True, slots=True)
class Run(ValueObject):
    """What a program did with one input. `error` is the last of what it complained about."""

    outcome: RunOutcome
    output: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Program(ValueObject):
    """A Python program that reads its standard input and writes its standard output."""

    source: str

    @classmethod
    def of(cls, source: str) -> Result[Self, DomainError]:
        """INVALID_PROGRAM when it is empty, too long, or no text."""
        if not source.strip() or len(source) > _LONGEST_PROGRAM or "\0" in source:
            return Failure(
                DomainError(
                    "INVALID_PROGRAM", f"A program is a text of 1 to {_LONGEST_PROGRAM} characters", "source"
                )
            )
        return Success(cls(source))


@dataclass(frozen=True, slots=True)
class CodingTest(ValueObject):
    """An input and the output that is expected. Students see a `sample`, and of the others how many
    failed."""

    input: str
    expected: str
    is_sample: bool = False

    def judge(self, run: Run) -> Verdict:
        """White space at the ends of lines and of the output does not count."""
        if run.outcome is not RunOutcome.FINISHED:
            return Verdict(run.outcome)
        return Verdict.PASSED if _lines(run.output) == _lines(self.expected) else Verdict.WRONG_OUTPUT


@dataclass(frozen=True, slots=True)
class CodingTask(ValueObject):
    """What is tested."""

    tests: tuple[CodingTest, ...]

    @classmethod
    def of(cls, tests: Sequence[CodingTest]) -> Result[Self, DomainError]:
        """INVALID_TESTS unless there are 1 to 20 of bounded size."""
        longest = max((len(text) for test in tests for text in (test.input, test.expected)), default=0)
        if not 1 <= len(tests) <= _MOST_TESTS or longest > _LONGEST_TEXT:
            return Failure(
                DomainError(
                    "INVALID_TESTS",
                    f"There are 1 to {_MOST_TESTS} tests of at most {_LONGEST_TEXT} characters",
                    "tests",
                )
            )
        return Success(cls(tuple(tests)))

    def judge(self, runs: Sequence[Run]) -> tuple[Verdict, ...]:
        """The verdict on each test, of runs in the same order."""
        return tuple(test.judge(run) for test, run in zip(self.tests, runs, strict=True))


def score_of(verdicts: Sequence[Verdict]) -> Score:
    """The share of the tests that are passed."""
    return Score.share(verdicts.count(Verdict.PASSED), len(verdicts))


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]
