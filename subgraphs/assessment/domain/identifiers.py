"""Identities. Courses, classes and people are known here by id alone."""

from subgraphs.kernel.domain import Identifier


class AssignmentId(Identifier):
    __slots__ = ()


class SubmissionId(Identifier):
    __slots__ = ()


class FeedbackId(Identifier):
    __slots__ = ()


class CourseId(Identifier):
    __slots__ = ()


class ClassId(Identifier):
    __slots__ = ()


class InstructorId(Identifier):
    __slots__ = ()


class StudentId(Identifier):
    __slots__ = ()
