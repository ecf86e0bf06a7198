"""What learning can be asked to do.

authoring   create, update, fill and publish courses
studying    complete exercises and lessons
"""

from subgraphs.kernel.application.buses import CommandBus
from subgraphs.learning.access import AUTHORS, STUDENTS
from subgraphs.learning.commands import authoring, studying


def register(bus: CommandBus) -> None:
    """Register every command with its handler."""
    bus.register(authoring.CreateCourse, authoring.create_course, allow=AUTHORS)
    bus.register(authoring.UpdateCourse, authoring.update_course, allow=AUTHORS)
    bus.register(authoring.AddSection, authoring.add_section, allow=AUTHORS)
    bus.register(authoring.AddLesson, authoring.add_lesson, allow=AUTHORS)
    bus.register(authoring.AddExercise, authoring.add_exercise, allow=AUTHORS)
    bus.register(authoring.PublishCourse, authoring.publish_course, allow=AUTHORS)
    bus.register(studying.CompleteExercise, studying.complete_exercise, allow=STUDENTS)
    bus.register(studying.CompleteLesson, studying.complete_lesson, allow=STUDENTS)
