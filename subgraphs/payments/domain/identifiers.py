"""Identities. Users, courses and classes are known here by their id alone."""

from subgraphs.kernel.domain import Identifier


class PaymentId(Identifier):
    __slots__ = ()


class InvoiceId(Identifier):
    __slots__ = ()


class CreditNoteId(Identifier):
    __slots__ = ()


class SubscriptionId(Identifier):
    __slots__ = ()


class StudentId(Identifier):
    __slots__ = ()


class TutorId(Identifier):
    __slots__ = ()


class CourseId(Identifier):
    __slots__ = ()


class ClassId(Identifier):
    __slots__ = ()
