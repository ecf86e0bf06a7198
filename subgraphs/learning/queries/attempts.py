"""What students have handed in, for themselves, their tutors and the staff."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, Select, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Slice, SliceRequest
from subgraphs.kernel.store.slices import slices_of
from subgraphs.learning.domain import coding, quiz
from subgraphs.learning.domain.coding import Verdict
from subgraphs.learning.queries.progress import may_see_progress
from subgraphs.learning.tables import coding_submission, course_catalog, progress_summary, quiz_attempt


@dataclass(frozen=True, slots=True)
class QuizAttemptView:
    id: str
    progress_id: str
    exercise_id: str
    attempt: int
    score: int
    submitted_at: datetime

    @property
    def is_passed(self) -> bool:
        return self.score >= quiz.PASS_MARK.points


@dataclass(frozen=True, slots=True)
class CodingSubmissionView:
    id: str
    progress_id: str
    exercise_id: str
    attempt: int
    score: int
    submitted_at: datetime
    source: str
    verdicts: tuple[Verdict, ...]

    @property
    def is_passed(self) -> bool:
        return self.score >= coding.PASS_MARK.points


@dataclass(frozen=True, slots=True)
class QuizAttemptsById(Query[Mapping[str, QuizAttemptView]]):
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodingSubmissionsById(Query[Mapping[str, CodingSubmissionView]]):
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuizAttempts(Query[Mapping[str, Slice[QuizAttemptView]]]):
    """The same part of the attempts in many records of progress, the latest first."""

    progress_ids: tuple[str, ...]
    part: SliceRequest


@dataclass(frozen=True, slots=True)
class CodingSubmissions(Query[Mapping[str, Slice[CodingSubmissionView]]]):
    """The same part of the programs in many records of progress, the latest first."""

    progress_ids: tuple[str, ...]
    part: SliceRequest


async def quiz_attempts_by_id(
    query: QuizAttemptsById, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, QuizAttemptView]:
    rows = await connection.execute(_seen(quiz_attempt, request).where(quiz_attempt.c.id.in_(query.ids)))
    return {row.id: _attempt(row) for row in rows}


async def coding_submissions_by_id(
    query: CodingSubmissionsById, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, CodingSubmissionView]:
    table = coding_submission
    rows = await connection.execute(_seen(table, request).where(table.c.id.in_(query.ids)))
    return {row.id: _submission(row) for row in rows}


async def quiz_attempts(
    query: QuizAttempts, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Slice[QuizAttemptView]]:
    found = await _slices(quiz_attempt, query.progress_ids, query.part, connection, request)
    return {progress_id: part.map(_attempt) for progress_id, part in found.items()}


async def coding_submissions(
    query: CodingSubmissions, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Slice[CodingSubmissionView]]:
    found = await _slices(coding_submission, query.progress_ids, query.part, connection, request)
    return {progress_id: part.map(_submission) for progress_id, part in found.items()}


def _seen(table: Table, request: RequestContext) -> Select[Any]:
    return (
        select(table)
        .join(progress_summary, progress_summary.c.progress_id == table.c.progress_id)
        .join(course_catalog, course_catalog.c.course_id == progress_summary.c.course_id)
        .where(may_see_progress(request))
    )


async def _slices(
    table: Table,
    progress_ids: tuple[str, ...],
    part: SliceRequest,
    connection: AsyncConnection,
    request: RequestContext,
) -> Mapping[str, Slice[Row[Any]]]:
    by = table.c.submitted_at, table.c.id
    rows = _seen(table, request)
    return await slices_of(rows, table.c.progress_id, progress_ids, by, part, connection, newest_first=True)


def _attempt(row: Row[Any]) -> QuizAttemptView:
    return QuizAttemptView(row.id, row.progress_id, row.exercise_id, row.attempt, row.score, row.submitted_at)


def _submission(row: Row[Any]) -> CodingSubmissionView:
    return CodingSubmissionView(
        row.id,
        row.progress_id,
        row.exercise_id,
        row.attempt,
        row.score,
        row.submitted_at,
        row.source,
        msgspec.json.decode(row.verdicts, type=tuple[Verdict, ...]),
    )
