"""What payments can be asked. The answers are never cached, and come from the payments' own histories.

payments        payments as they are, were, and came to be so
invoices        bills and receipts
credit_notes    what invoices said too much
disputes        what payers' banks ask for
subscriptions   subscriptions, and cards that are registered
"""

from subgraphs.kernel.application.buses import QueryBus
from subgraphs.kernel.application.policies import authenticated
from subgraphs.payments.access import STAFF
from subgraphs.payments.projections import DISPUTES, LIST
from subgraphs.payments.queries import credit_notes, disputes, invoices, payments, subscriptions


def register(bus: QueryBus) -> None:
    """Register every query. Whose payments somebody may see, the handlers decide."""
    bus.register(payments.PaymentsById, payments.payments_by_id, allow=authenticated)
    bus.register(payments.PaymentAsOf, payments.payment_as_of, allow=authenticated)
    bus.register(payments.PaymentHistories, payments.payment_histories, allow=STAFF)
    bus.register(payments.Payments, payments.list_payments, allow=STAFF, reads=LIST)
    bus.register(payments.PaymentsOfStudents, payments.payments_of_students, allow=authenticated, reads=LIST)
    bus.register(invoices.InvoicesById, invoices.invoices_by_id, allow=authenticated)
    bus.register(invoices.InvoicesOfPayments, invoices.invoices_of_payments, allow=authenticated)
    bus.register(invoices.Invoices, invoices.list_invoices, allow=STAFF)
    bus.register(invoices.InvoicesOfStudents, invoices.invoices_of_students, allow=authenticated)
    bus.register(credit_notes.CreditNotesById, credit_notes.credit_notes_by_id, allow=authenticated)
    bus.register(
        credit_notes.CreditNotesOfInvoices, credit_notes.credit_notes_of_invoices, allow=authenticated
    )
    bus.register(credit_notes.CreditNotes, credit_notes.list_credit_notes, allow=STAFF)
    bus.register(
        credit_notes.CreditNotesOfStudents, credit_notes.credit_notes_of_students, allow=authenticated
    )
    bus.register(disputes.Disputes, disputes.list_disputes, allow=STAFF, reads=DISPUTES)
    bus.register(disputes.DisputesOfPayments, disputes.disputes_of_payments, allow=STAFF, reads=DISPUTES)
    bus.register(subscriptions.SubscriptionsById, subscriptions.subscriptions_by_id, allow=authenticated)
    bus.register(
        subscriptions.SubscriptionsOfStudents, subscriptions.subscriptions_of_students, allow=authenticated
    )
    bus.register(subscriptions.CardsOfStudents, subscriptions.cards_of_students, allow=authenticated)
