"""What courses, classes and assignments are called: messages to people should not speak in ids."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from subgraphs.contracts.assessment import AssignmentCreated, AssignmentUpdated
from subgraphs.contracts.classes import ClassCreated
from subgraphs.contracts.learning import CourseCreated, CourseUpdated
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.notification.repository import name_it

M = TypeVar("M", bound=IntegrationEvent)

TITLES: Final = "notification.titles"


def titles() -> tuple[Subscription[Any], ...]:
    """The subscriptions that keep the titles up to date."""
    return (
        _on(CourseCreated, lambda event: (event.course_id, event.title)),
        _on(CourseUpdated, lambda event: (event.course_id, event.title)),
        _on(ClassCreated, lambda event: (event.class_id, event.title)),
        _on(AssignmentCreated, lambda event: (event.assignment_id, event.title)),
        _on(AssignmentUpdated, lambda event: (event.assignment_id, event.title)),
    )


def _on(event: type[M], named: Callable[[M], tuple[str, str]]) -> Subscription[M]:
    async def handle(envelope: Envelope[M], work: UnitOfWork) -> None:
        await name_it(work.connection, *named(envelope.body))

    return Subscription(TITLES, event, handle)
