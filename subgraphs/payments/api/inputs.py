"""The inputs of mutations, each of which is a command."""

import strawberry

from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.graphql.money import MoneyInput
from subgraphs.payments.api.values import PaymentMethod, Plan
from subgraphs.payments.commands.cards import RegisterCard, RemoveCard
from subgraphs.payments.commands.invoicing import IssueInvoice
from subgraphs.payments.commands.paying import CreatePayment, ProcessPayment
from subgraphs.payments.commands.refunding import InitiateRefund
from subgraphs.payments.commands.settling import CompletePayment, FailPayment, RecordManualPayment
from subgraphs.payments.commands.subscribing import CancelSubscription, StartSubscription
from subgraphs.payments.commands.verifying import VerifyPayment

_FOR_WHOM = "Who pays. Students leave it out; the staff must say it."
_CARD = "The provider's token of a card, never its number. Without one, the card that is registered."


@strawberry.input(description="For one course, one class or one subscription.")
class CreatePaymentInput:
    amount: MoneyInput
    method: PaymentMethod = strawberry.field(
        default=PaymentMethod.CARD,
        description="A card is charged at once; the rest is open until the staff has seen the money.",
    )
    course_id: strawberry.ID | None = None
    class_id: strawberry.ID | None = None
    subscription_id: strawberry.ID | None = None
    tutor_id: strawberry.ID | None = None
    student_id: strawberry.ID | None = strawberry.field(default=None, description=_FOR_WHOM)
    card: str | None = strawberry.field(default=None, description=_CARD)

    def command(self) -> Result[CreatePayment, DomainError]:
        match self.amount.to_domain():
            case Failure() as failure:
                return failure
            case Success(value=amount):
                return Success(
                    CreatePayment(
                        amount,
                        self.method,
                        _id(self.course_id),
                        _id(self.class_id),
                        _id(self.subscription_id),
                        _id(self.tutor_id),
                        _id(self.student_id),
                        self.card,
                    )
                )


@strawberry.input
class ProcessPaymentInput:
    amount: MoneyInput
    course_id: strawberry.ID
    student_id: strawberry.ID | None = strawberry.field(default=None, description=_FOR_WHOM)
    card: str | None = strawberry.field(default=None, description=_CARD)

    def command(self) -> Result[ProcessPayment, DomainError]:
        match self.amount.to_domain():
            case Failure() as failure:
                return failure
            case Success(value=amount):
                return Success(ProcessPayment(amount, str(self.course_id), _id(self.student_id), self.card))


@strawberry.input
class CompletePaymentInput:
    payment_id: strawberry.ID
    reference: str | None = strawberry.field(default=None, description="What the bank calls the transfer.")

    def command(self) -> CompletePayment:
        return CompletePayment(str(self.payment_id), self.reference)


@strawberry.input
class FailPaymentInput:
    payment_id: strawberry.ID
    reason: str

    def command(self) -> FailPayment:
        return FailPayment(str(self.payment_id), self.reason)


@strawberry.input(description="For one course, one class or one subscription.")
class RecordManualPaymentInput:
    student_id: strawberry.ID
    amount: MoneyInput
    method: PaymentMethod = strawberry.field(description="CASH or BANK_TRANSFER")
    course_id: strawberry.ID | None = None
    class_id: strawberry.ID | None = None
    subscription_id: strawberry.ID | None = None
    tutor_id: strawberry.ID | None = None
    reference: str | None = strawberry.field(default=None, description="What the bank calls the transfer.")

    def command(self) -> Result[RecordManualPayment, DomainError]:
        match self.amount.to_domain():
            case Failure() as failure:
                return failure
            case Success(value=amount):
                return Success(
                    RecordManualPayment(
                        str(self.student_id),
                        amount,
                        self.method,
                        _id(self.course_id),
                        _id(self.class_id),
                        _id(self.subscription_id),
                        _id(self.tutor_id),
                        self.reference,
                    )
                )


@strawberry.input
class InitiateRefundInput:
    payment_id: strawberry.ID
    reason: str
    amount: MoneyInput | None = strawberry.field(
        default=None,
        description="How much; without it, all that is left. Until all is gone, what was paid for stays.",
    )

    def command(self) -> Result[InitiateRefund, DomainError]:
        id_ = str(self.payment_id)
        if self.amount is None:
            return Success(InitiateRefund(id_, self.reason))
        match self.amount.to_domain():
            case Failure() as failure:
                return failure
            case Success(value=amount):
                return Success(InitiateRefund(id_, self.reason, amount))


@strawberry.input
class VerifyPaymentInput:
    payment_id: strawberry.ID

    def command(self) -> VerifyPayment:
        return VerifyPayment(str(self.payment_id))


@strawberry.input
class IssueInvoiceInput:
    payment_id: strawberry.ID

    def command(self) -> IssueInvoice:
        return IssueInvoice(str(self.payment_id))


@strawberry.input
class RegisterCardInput:
    token: str = strawberry.field(description="The provider's token of the card, never its number.")
    customer: str | None = strawberry.field(
        default=None, description="Whom the provider keeps the card for; Stripe asks for it (cus_...)."
    )
    student_id: strawberry.ID | None = strawberry.field(default=None, description=_FOR_WHOM)

    def command(self) -> RegisterCard:
        return RegisterCard(self.token, self.customer, _id(self.student_id))


@strawberry.input
class RemoveCardInput:
    student_id: strawberry.ID | None = strawberry.field(default=None, description=_FOR_WHOM)

    def command(self) -> RemoveCard:
        return RemoveCard(_id(self.student_id))


@strawberry.input
class StartSubscriptionInput:
    plan: Plan
    student_id: strawberry.ID | None = strawberry.field(default=None, description=_FOR_WHOM)

    def command(self) -> StartSubscription:
        return StartSubscription(self.plan, _id(self.student_id))


@strawberry.input
class CancelSubscriptionInput:
    subscription_id: strawberry.ID

    def command(self) -> CancelSubscription:
        return CancelSubscription(str(self.subscription_id))


def _id(given: strawberry.ID | None) -> str | None:
    return None if given is None else str(given)
