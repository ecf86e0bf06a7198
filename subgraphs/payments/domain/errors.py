"""What the rules of payments answer when they say no."""

from typing import Final

from subgraphs.kernel.domain import DomainError

STUDENT_NOT_FOUND: Final = DomainError("STUDENT_NOT_FOUND", "There is nobody of this id", "studentId")
TUTOR_NOT_FOUND: Final = DomainError("TUTOR_NOT_FOUND", "There is no tutor of this id", "tutorId")
PAYMENT_NOT_FOUND: Final = DomainError("PAYMENT_NOT_FOUND", "There is no such payment", "paymentId")
PAYMENT_NOT_PENDING: Final = DomainError(
    "PAYMENT_NOT_PENDING", "Only a payment that is still open can be settled", "paymentId"
)
PAYMENT_NOT_MANUAL: Final = DomainError(
    "PAYMENT_NOT_MANUAL", "What becomes of a card payment is for the payment provider to say", "paymentId"
)
PAYMENT_NOT_COMPLETED: Final = DomainError(
    "PAYMENT_NOT_COMPLETED", "Only a completed payment can be refunded", "paymentId"
)
ALREADY_REFUNDED: Final = DomainError("ALREADY_REFUNDED", "The money has gone back already", "paymentId")
REFUND_EXCEEDS_PAYMENT: Final = DomainError(
    "REFUND_EXCEEDS_PAYMENT", "No more can go back than is left of the payment", "amount"
)
PAYMENT_DISPUTED: Final = DomainError(
    "PAYMENT_DISPUTED", "The payer's bank is asking for the money back already", "paymentId"
)
REFUND_UNDER_WAY: Final = DomainError("REFUND_UNDER_WAY", "The money is on its way back already", "paymentId")
PURPOSE_REQUIRED: Final = DomainError(
    "PURPOSE_REQUIRED", "Say what is paid for: one course, one class or one subscription"
)
PAYMENT_UNDER_WAY: Final = DomainError(
    "PAYMENT_UNDER_WAY", "There is a payment for this already, and what becomes of it is still open"
)
ALREADY_PAID: Final = DomainError("ALREADY_PAID", "This is paid already")
INVALID_AMOUNT: Final = DomainError("INVALID_AMOUNT", "This is not an amount that can be paid", "amount")
INVALID_CARD: Final = DomainError(
    "INVALID_CARD", "A card is given by the payment provider's token, never by its number", "card"
)
INVALID_REASON: Final = DomainError("INVALID_REASON", "Say why, in 1 to 200 characters", "reason")
INVALID_REFERENCE: Final = DomainError(
    "INVALID_REFERENCE", "What the bank calls a transfer has 1 to 100 characters", "reference"
)
METHOD_NOT_MANUAL: Final = DomainError(
    "METHOD_NOT_MANUAL", "By hand one records cash and bank transfers", "method"
)
ALREADY_INVOICED: Final = DomainError("ALREADY_INVOICED", "There is an invoice already", "paymentId")
NOTHING_TO_INVOICE: Final = DomainError(
    "NOTHING_TO_INVOICE", "There is nothing to be paid or that has been paid", "paymentId"
)
SUBSCRIPTION_NOT_FOUND: Final = DomainError(
    "SUBSCRIPTION_NOT_FOUND", "There is no such subscription", "subscriptionId"
)
SUBSCRIPTION_EXISTS: Final = DomainError("SUBSCRIPTION_EXISTS", "There is a subscription already")
SUBSCRIPTION_ENDED: Final = DomainError("SUBSCRIPTION_ENDED", "The subscription has ended", "subscriptionId")
NOT_THE_PLANS_PRICE: Final = DomainError("NOT_THE_PLANS_PRICE", "The plan has another price", "amount")
