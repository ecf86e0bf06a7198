"""The answers that are kept for a while: what everybody may see of published courses, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from subgraphs.contracts.caches import COURSE, COURSES_OF_SUBJECT, COURSES_OF_TUTOR
from subgraphs.contracts.learning import CourseCreated, CoursePublished, CourseUpdated
from subgraphs.kernel.application.buses import QueryBus
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.cache.answers import AnswerByKeys, WholeAnswer
from subgraphs.kernel.cache.cached import Cached
from subgraphs.kernel.cache.invalidation import forgetting
from subgraphs.kernel.cache.store import CacheStore
from subgraphs.kernel.domain import IdGenerator, Page, PageRequest
from subgraphs.kernel.messaging.subscriptions import Errand
from subgraphs.learning.domain.values import subject_key
from subgraphs.learning.queries.courses import CoursesBySubject, CoursesByTutor, CourseView, PublishedCourses

_COURSE_CACHE: Final = "learning.course_cache"
_SUBJECT_CACHE: Final = "learning.subject_cache"
_TUTOR_CACHE: Final = "learning.tutor_cache"

_Pages: TypeAlias = Cached[Page[CourseView]]


@dataclass(frozen=True, slots=True)
class CourseCaches:
    """Single courses, and pages of them by subject and by tutor."""

    courses: Cached[CourseView]
    of_subject: _Pages
    of_tutor: _Pages

    @classmethod
    def on(cls, store: CacheStore) -> "CourseCaches":
        return cls(
            Cached(COURSE, CourseView, store),
            Cached(COURSES_OF_SUBJECT, Page[CourseView], store),
            Cached(COURSES_OF_TUTOR, Page[CourseView], store),
        )

    @property
    def by_id(self) -> AnswerByKeys[PublishedCourses, Mapping[str, CourseView], CourseView]:
        return AnswerByKeys(
            self.courses,
            keys=lambda query: query.ids,
            only=lambda _, ids: PublishedCourses(tuple(ids)),
            split=lambda _, views: views,
            join=lambda _, found: found,
        )

    @property
    def pages_of_subject(self) -> WholeAnswer[CoursesBySubject, Page[CourseView]]:
        return WholeAnswer(
            self.of_subject,
            key=lambda query: subject_key(query.subject),
            member=lambda query: _member(query.page),
        )

    @property
    def pages_of_tutor(self) -> WholeAnswer[CoursesByTutor, Page[CourseView]]:
        return WholeAnswer(
            self.of_tutor, key=lambda query: query.tutor_id, member=lambda query: _member(query.page)
        )

    def subscriptions(self, queries: QueryBus, ids: IdGenerator) -> tuple[Errand[Any], ...]:
        """What makes the answers untrue. A course is written through; of lists all pages are forgotten at
        once."""

        async def refill(course_ids: Sequence[str]) -> None:
            await queries.ask(PublishedCourses(tuple(course_ids)), RequestContext.of_system(ids))

        def course(event: CourseUpdated | CoursePublished) -> Sequence[str]:
            return [event.course_id]

        def subject(event: CourseUpdated | CoursePublished) -> Sequence[str]:
            return [subject_key(event.subject)]

        def tutor(event: CourseCreated | CourseUpdated | CoursePublished) -> Sequence[str]:
            return [event.tutor_id]

        return (
            forgetting(_COURSE_CACHE, CoursePublished, self.courses, keys=course, refill=refill),
            forgetting(_COURSE_CACHE, CourseUpdated, self.courses, keys=course, refill=refill),
            forgetting(_SUBJECT_CACHE, CoursePublished, self.of_subject, keys=subject),
            forgetting(_SUBJECT_CACHE, CourseUpdated, self.of_subject, keys=subject),
            forgetting(_TUTOR_CACHE, CourseCreated, self.of_tutor, keys=tutor),
            forgetting(_TUTOR_CACHE, CoursePublished, self.of_tutor, keys=tutor),
            forgetting(_TUTOR_CACHE, CourseUpdated, self.of_tutor, keys=tutor),
        )


def _member(page: PageRequest) -> str:
    return f"page:{page.offset // page.limit + 1}:{page.limit}"
