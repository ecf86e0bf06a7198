"""What other contexts may know of what has happened in a class."""

from subgraphs.classes.domain.events import (
    AttendanceMarked,
    ClassActivated,
    ClassCompleted,
    ClassCreated,
    CreditAdjusted,
    CreditDeducted,
    EnrollmentCancelled,
    LessonOpened,
    LessonUnlocked,
    PackageChanged,
    StudentEnrolled,
)
from subgraphs.contracts import classes as contract
from subgraphs.kernel.domain import DomainEvent
from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.store.unit_of_work import UnitOfWork


def publish(event: DomainEvent, work: UnitOfWork) -> None:
    """Tell the other contexts, in the order of the class."""
    if (told := _told(event)) is not None:
        class_id, message = told
        work.publish(message, key=class_id)


def _told(event: DomainEvent) -> tuple[str, IntegrationEvent] | None:
    match event:
        case ClassCreated(class_id=id_):
            return str(id_), contract.ClassCreated(
                class_id=str(id_),
                class_type=contract.ClassType(event.type),
                course_id=str(event.course_id),
                instructor_id=str(event.instructor_id),
                title=str(event.title),
                total_meetings=event.total_meetings,
                created_at=event.occurred_at,
            )
        case ClassActivated(class_id=id_):
            return str(id_), contract.ClassActivated(str(id_), str(event.instructor_id), event.occurred_at)
        case StudentEnrolled(class_id=id_):
            return str(id_), contract.StudentEnrolled(
                class_id=str(id_),
                enrollment_id=str(event.enrollment_id),
                student_id=str(event.student_id),
                course_id=str(event.course_id),
                meeting_credits=event.credit,
                enrolled_at=event.occurred_at,
            )
        case AttendanceMarked(class_id=id_):
            return str(id_), contract.AttendanceMarked(
                class_id=str(id_),
                student_id=str(event.student_id),
                meeting=event.meeting,
                status=contract.AttendanceStatus(event.status),
                held_at=event.held_at,
                marked_at=event.occurred_at,
            )
        case CreditDeducted(class_id=id_):
            return str(id_), contract.CreditDeducted(
                str(id_), str(event.student_id), event.balance, event.occurred_at
            )
        case CreditAdjusted(class_id=id_):
            return str(id_), contract.CreditAdjusted(
                class_id=str(id_),
                student_id=str(event.student_id),
                delta=event.delta,
                balance=event.balance,
                reason=event.reason,
                adjusted_by=event.by,
                adjusted_at=event.occurred_at,
            )
        case EnrollmentCancelled(class_id=id_):
            return str(id_), contract.EnrollmentCancelled(
                class_id=str(id_),
                enrollment_id=str(event.enrollment_id),
                student_id=str(event.student_id),
                reason=event.reason,
                cancelled_at=event.occurred_at,
            )
        case PackageChanged(class_id=id_):
            return str(id_), contract.PackageChanged(str(id_), event.total_meetings, event.occurred_at)
        case LessonUnlocked(class_id=id_):
            return str(id_), contract.LessonUnlocked(
                class_id=str(id_),
                course_id=str(event.course_id),
                lesson_id=str(event.lesson_id),
                student_ids=tuple(map(str, event.student_ids)),
                unlocked_by=event.by,
                unlocked_at=event.occurred_at,
            )
        case LessonOpened(class_id=id_):
            return str(id_), contract.LessonUnlocked(
                class_id=str(id_),
                course_id=str(event.course_id),
                lesson_id=str(event.lesson_id),
                student_ids=(str(event.student_id),),
                unlocked_by=event.by,
                unlocked_at=event.occurred_at,
            )
        case ClassCompleted(class_id=id_):
            return str(id_), contract.ClassCompleted(str(id_), event.occurred_at)
        case _:
            return None
