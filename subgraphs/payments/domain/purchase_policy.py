"""PurchasePolicy: nothing is paid twice."""

from collections.abc import Collection

from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.payments.domain.errors import ALREADY_PAID, PAYMENT_UNDER_WAY
from subgraphs.payments.domain.values import PaymentStatus, Purpose


def may_purchase(
    purpose: Purpose, standing: Collection[PaymentStatus], *, by_staff: bool
) -> Result[None, DomainError]:
    """Whether a student may pay for this, given their payments for the same that stand.

    One payment at a time; a course and a class are paid once. A subscription is paid again and again, and the
    staff may take more for a class, which may get more meetings. PAYMENT_UNDER_WAY, ALREADY_PAID.
    """
    if PaymentStatus.PENDING in standing:
        return Failure(PAYMENT_UNDER_WAY)
    is_bought_once = purpose.course_id is not None or (purpose.class_id is not None and not by_staff)
    return Failure(ALREADY_PAID) if standing and is_bought_once else Success(None)
