"""What students have paid for their classes, for themselves and the staff."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import and_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.classes.access import is_staff
from subgraphs.classes.tables import enrollment, payment
from subgraphs.contracts.payments import PaymentStatus
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Currency, Money


@dataclass(frozen=True, slots=True)
class ClassPaymentView:
    """A payment for a class, as payments has told."""

    id: str
    amount: Money
    status: PaymentStatus


@dataclass(frozen=True, slots=True)
class PaymentsOfEnrollments(Query[Mapping[str, tuple[ClassPaymentView, ...]]]):
    """The payments for many enrolments, the oldest first, as far as they are the asker's business."""

    enrollment_ids: tuple[str, ...]


async def payments_of_enrollments(
    query: PaymentsOfEnrollments, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, tuple[ClassPaymentView, ...]]:
    is_own = true() if is_staff(request.actor) else enrollment.c.student_id == request.actor_id
    same = and_(payment.c.class_id == enrollment.c.class_id, payment.c.student_id == enrollment.c.student_id)
    rows = await connection.execute(
        select(enrollment.c.id.label("enrollment_id"), payment)
        .join(payment, same)
        .where(enrollment.c.id.in_(query.enrollment_ids), is_own)
        .order_by(payment.c.initiated_at, payment.c.id)
    )
    found: dict[str, tuple[ClassPaymentView, ...]] = {}
    for row in rows:
        money = Money(row.amount_minor, Currency(row.currency))
        view = ClassPaymentView(row.id, money, PaymentStatus(row.status))
        found[row.enrollment_id] = (*found.get(row.enrollment_id, ()), view)
    return found
