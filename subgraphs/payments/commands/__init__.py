"""What payments can be asked to do.

paying          somebody pays, by card or otherwise
settling        what has become of a payment, as far as people see that
refunding       money goes back, all of it or a part
verifying       what has become of a payment, as its provider says
naming          whom a command names has to be there
cards           whose card is charged when no other is named
invoicing       a bill or a receipt
subscribing     subscriptions, and what their payments do to them
provider_news   what the payment provider tells of its own accord
"""

from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.policies import authenticated, has_role
from subgraphs.payments.access import PAYERS, STAFF
from subgraphs.payments.commands import (
    cards,
    invoicing,
    paying,
    provider_news,
    refunding,
    settling,
    subscribing,
    verifying,
)
from subgraphs.people import People


def register(bus: CommandBus, people: People) -> None:
    """Register every command with its handler."""
    bus.register(
        paying.CreatePayment,
        paying.create_payment,
        allow=PAYERS,
        first=people.named(
            {"studentId": lambda command: command.student_id, "tutorId": lambda command: command.tutor_id},
            by_all=("tutorId",),
        ),
    )
    bus.register(
        paying.ProcessPayment,
        paying.process_payment,
        allow=PAYERS,
        first=people.named({"studentId": lambda command: command.student_id}),
    )
    bus.register(settling.CompletePayment, settling.complete_payment, allow=STAFF)
    bus.register(settling.FailPayment, settling.fail_payment, allow=STAFF)
    bus.register(
        settling.RecordManualPayment,
        settling.record_manual_payment,
        allow=STAFF,
        first=people.named({"studentId": lambda command: command.student_id}),
    )
    bus.register(refunding.InitiateRefund, refunding.initiate_refund, allow=STAFF)
    bus.register(verifying.VerifyPayment, verifying.verify_payment, allow=STAFF)
    bus.register(
        cards.RegisterCard,
        cards.register_card,
        allow=PAYERS,
        first=people.named({"studentId": lambda command: command.student_id}),
    )
    bus.register(
        cards.RemoveCard,
        cards.remove_card,
        allow=authenticated,
        first=people.named({"studentId": lambda command: command.student_id}),
    )
    bus.register(invoicing.IssueInvoice, invoicing.issue_invoice, allow=STAFF)
    bus.register(
        subscribing.StartSubscription,
        subscribing.start_subscription,
        allow=PAYERS,
        first=people.named({"studentId": lambda command: command.student_id}),
    )
    bus.register(subscribing.CancelSubscription, subscribing.cancel_subscription, allow=PAYERS)
    bus.register(provider_news.RecordProviderNews, provider_news.record_provider_news, allow=has_role())
