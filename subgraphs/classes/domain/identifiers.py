"""Identities. Users, courses and lessons belong to others, and are known here by their id alone."""

from subgraphs.kernel.domain import Identifier


class ClassId(Identifier):
    __slots__ = ()


class EnrollmentId(Identifier):
    __slots__ = ()


class StudentId(Identifier):
    __slots__ = ()


class InstructorId(Identifier):
    __slots__ = ()


class CourseId(Identifier):
    __slots__ = ()


class LessonId(Identifier):
    __slots__ = ()
