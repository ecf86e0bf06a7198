"""Identities. Students and tutors are users of identity, known here by their id alone."""

from subgraphs.kernel.domain import Identifier


class PaymentId(Identifier):
    __slots__ = ()


class InvoiceId(Identifier):
    __slots__ = ()


class SubscriptionId(Identifier):
    __slots__ = ()


class StudentId(Identifier):
    __slots__ = ()


class TutorId(Identifier):
    __slots__ = ()
