"""Identities. Tutors and students are users of identity, known here by their id alone."""

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


class TutorId(Identifier):
    __slots__ = ()


class StudentId(Identifier):
    __slots__ = ()
