"""Identities. Tutors and students are users of identity, payments are known elsewhere: here by id alone."""

from subgraphs.kernel.domain import Identifier


class CourseId(Identifier):
    __slots__ = ()


class SectionId(Identifier):
    __slots__ = ()


class LessonId(Identifier):
    __slots__ = ()


class ExerciseId(Identifier):
    __slots__ = ()


class ProgressId(Identifier):
    __slots__ = ()


class EnrollmentId(Identifier):
    __slots__ = ()


class EnrollmentRequestId(Identifier):
    """Also the id of the payment that is asked for."""

    __slots__ = ()


class PaymentId(Identifier):
    __slots__ = ()


class QuestionId(Identifier):
    __slots__ = ()


class QuizAttemptId(Identifier):
    __slots__ = ()


class CodingSubmissionId(Identifier):
    __slots__ = ()


class TutorId(Identifier):
    __slots__ = ()


class StudentId(Identifier):
    __slots__ = ()
