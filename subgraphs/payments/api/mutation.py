"""What payments can be asked to do. Each mutation is a command; a refusal is in the payload's errors."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: input

import strawberry

from subgraphs.kernel.graphql.context import Info
from subgraphs.kernel.graphql.errors import UserError
from subgraphs.kernel.graphql.mutations import carry_out, carry_out_sensible
from subgraphs.kernel.graphql.versions import Versioned
from subgraphs.payments.api.inputs import (
    CancelSubscriptionInput,
    CompletePaymentInput,
    CreatePaymentInput,
    FailPaymentInput,
    InitiateRefundInput,
    IssueInvoiceInput,
    ProcessPaymentInput,
    RecordManualPaymentInput,
    RegisterCardInput,
    RemoveCardInput,
    StartSubscriptionInput,
    VerifyPaymentInput,
)
from subgraphs.payments.api.invoices import Invoice, load_invoices
from subgraphs.payments.api.payments import FOR_BOOKKEEPERS, Payment, load_payments
from subgraphs.payments.api.people import User, load_users
from subgraphs.payments.api.subscriptions import StudentSubscription, load_subscriptions


@strawberry.type
class CreatePaymentPayload(Versioned):
    payment: Payment | None
    errors: list[UserError]


@strawberry.type
class ProcessPaymentPayload(Versioned):
    payment: Payment | None
    errors: list[UserError]


@strawberry.type
class CompletePaymentPayload(Versioned):
    payment: Payment | None
    errors: list[UserError]


@strawberry.type
class FailPaymentPayload(Versioned):
    payment: Payment | None
    errors: list[UserError]


@strawberry.type
class RecordManualPaymentPayload(Versioned):
    payment: Payment | None
    errors: list[UserError]


@strawberry.type
class InitiateRefundPayload(Versioned):
    payment: Payment | None
    errors: list[UserError]


@strawberry.type
class VerifyPaymentPayload(Versioned):
    payment: Payment | None
    errors: list[UserError]


@strawberry.type
class IssueInvoicePayload(Versioned):
    invoice: Invoice | None
    errors: list[UserError]


@strawberry.type
class RegisterCardPayload(Versioned):
    user: User | None
    errors: list[UserError]


@strawberry.type
class RemoveCardPayload(Versioned):
    user: User | None
    errors: list[UserError]


@strawberry.type
class StartSubscriptionPayload(Versioned):
    subscription: StudentSubscription | None
    errors: list[UserError]


@strawberry.type
class CancelSubscriptionPayload(Versioned):
    subscription: StudentSubscription | None
    errors: list[UserError]


@strawberry.type
class Mutation:
    @strawberry.federation.mutation(
        authenticated=True,
        description="Pay for a course, a class or a subscription. A card is charged at once, under the "
        "request's Idempotency-Key once however often it is sent; `status` says what has come of it.",
    )
    async def create_payment(self, info: Info, input: CreatePaymentInput) -> CreatePaymentPayload:
        payment, errors = await carry_out_sensible(info, input.command(), load_payments)
        return CreatePaymentPayload(payment=payment, errors=errors)

    @strawberry.federation.mutation(
        authenticated=True, description="Take the money for a course from a student's card."
    )
    async def process_payment(self, info: Info, input: ProcessPaymentInput) -> ProcessPaymentPayload:
        payment, errors = await carry_out_sensible(info, input.command(), load_payments)
        return ProcessPaymentPayload(payment=payment, errors=errors)

    @strawberry.federation.mutation(
        requires_scopes=FOR_BOOKKEEPERS,
        description="The money of an open payment in cash or by bank transfer is here. For the staff.",
    )
    async def complete_payment(self, info: Info, input: CompletePaymentInput) -> CompletePaymentPayload:
        payment, errors = await carry_out(info, input.command(), load_payments)
        return CompletePaymentPayload(payment=payment, errors=errors)

    @strawberry.federation.mutation(
        requires_scopes=FOR_BOOKKEEPERS,
        description="The money of an open payment in cash or by bank transfer will not come. For the staff.",
    )
    async def fail_payment(self, info: Info, input: FailPaymentInput) -> FailPaymentPayload:
        payment, errors = await carry_out(info, input.command(), load_payments)
        return FailPaymentPayload(payment=payment, errors=errors)

    @strawberry.federation.mutation(
        requires_scopes=FOR_BOOKKEEPERS,
        description="A student has paid, in cash or by bank transfer. For the staff.",
    )
    async def record_manual_payment(
        self, info: Info, input: RecordManualPaymentInput
    ) -> RecordManualPaymentPayload:
        payment, errors = await carry_out_sensible(info, input.command(), load_payments)
        return RecordManualPaymentPayload(payment=payment, errors=errors)

    @strawberry.federation.mutation(
        requires_scopes=FOR_BOOKKEEPERS,
        description="Send the money of a completed payment back, or a part of it. For the staff.",
    )
    async def initiate_refund(self, info: Info, input: InitiateRefundInput) -> InitiateRefundPayload:
        payment, errors = await carry_out_sensible(info, input.command(), load_payments)
        return InitiateRefundPayload(payment=payment, errors=errors)

    @strawberry.federation.mutation(
        requires_scopes=FOR_BOOKKEEPERS,
        description="Ask the provider for what it has not told yet of a charge or a refund. What it answers "
        "is recorded a little later. For the staff.",
    )
    async def verify_payment(self, info: Info, input: VerifyPaymentInput) -> VerifyPaymentPayload:
        payment, errors = await carry_out(info, input.command(), load_payments)
        return VerifyPaymentPayload(payment=payment, errors=errors)

    @strawberry.federation.mutation(
        requires_scopes=FOR_BOOKKEEPERS,
        description="Make the invoice of a payment, which gets the next number. For the staff.",
    )
    async def issue_invoice(self, info: Info, input: IssueInvoiceInput) -> IssueInvoicePayload:
        invoice, errors = await carry_out(info, input.command(), load_invoices)
        return IssueInvoicePayload(invoice=invoice, errors=errors)

    @strawberry.federation.mutation(
        authenticated=True, description="Keep a card for what is booked later, in place of the one before."
    )
    async def register_card(self, info: Info, input: RegisterCardInput) -> RegisterCardPayload:
        user, errors = await carry_out(info, input.command(), load_users)
        return RegisterCardPayload(user=user, errors=errors)

    @strawberry.federation.mutation(authenticated=True, description="Forget the card that is registered.")
    async def remove_card(self, info: Info, input: RemoveCardInput) -> RemoveCardPayload:
        user, errors = await carry_out(info, input.command(), load_users)
        return RemoveCardPayload(user=user, errors=errors)

    @strawberry.federation.mutation(
        authenticated=True,
        description="Choose a plan. The subscription runs from its first payment: `createPayment`.",
    )
    async def start_subscription(self, info: Info, input: StartSubscriptionInput) -> StartSubscriptionPayload:
        subscription, errors = await carry_out(info, input.command(), load_subscriptions)
        return StartSubscriptionPayload(subscription=subscription, errors=errors)

    @strawberry.federation.mutation(
        authenticated=True, description="Do not go on with a subscription. What is paid is still had."
    )
    async def cancel_subscription(
        self, info: Info, input: CancelSubscriptionInput
    ) -> CancelSubscriptionPayload:
        subscription, errors = await carry_out(info, input.command(), load_subscriptions)
        return CancelSubscriptionPayload(subscription=subscription, errors=errors)
