"""What tutoring can be asked to do.

profiles    what tutors say of themselves, and what the academy says of them
people      users become tutors, stop being tutors, and go
onboarding  what a new tutor gets, step by step
"""

from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.policies import has_role
from subgraphs.kernel.application.request import SYSTEM
from subgraphs.tutoring.access import STAFF, TUTORS
from subgraphs.tutoring.commands.onboarding import InitializeTutorDashboard, initialize_tutor_dashboard
from subgraphs.tutoring.commands.people import (
    BecomeTutor,
    ForgetTutor,
    ResumeTutor,
    StopTutoring,
    SuspendTutor,
    become_tutor,
    forget_tutor,
    resume_tutor,
    stop_tutoring,
    suspend_tutor,
)
from subgraphs.tutoring.commands.profiles import (
    CreateTutorProfile,
    SetAvailability,
    UpdateTutorProfile,
    VerifyTutor,
    create_tutor_profile,
    set_availability,
    update_tutor_profile,
    verify_tutor,
)

__all__ = [
    "BecomeTutor",
    "CreateTutorProfile",
    "ForgetTutor",
    "InitializeTutorDashboard",
    "ResumeTutor",
    "SetAvailability",
    "StopTutoring",
    "SuspendTutor",
    "UpdateTutorProfile",
    "VerifyTutor",
    "register",
]


def register(bus: CommandBus) -> None:
    """Register every command with its handler."""
    platform = has_role(SYSTEM.role)
    bus.register(CreateTutorProfile, create_tutor_profile, allow=TUTORS)
    bus.register(UpdateTutorProfile, update_tutor_profile, allow=TUTORS)
    bus.register(SetAvailability, set_availability, allow=TUTORS)
    bus.register(VerifyTutor, verify_tutor, allow=STAFF)
    bus.register(BecomeTutor, become_tutor, allow=platform)
    bus.register(StopTutoring, stop_tutoring, allow=platform)
    bus.register(SuspendTutor, suspend_tutor, allow=platform)
    bus.register(ResumeTutor, resume_tutor, allow=platform)
    bus.register(ForgetTutor, forget_tutor, allow=platform)
    bus.register(InitializeTutorDashboard, initialize_tutor_dashboard, allow=platform)
