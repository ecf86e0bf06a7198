"""What the rules of tutoring answer when they say no."""

from typing import Final

from subgraphs.kernel.domain import DomainError

TUTOR_NOT_FOUND: Final = DomainError("TUTOR_NOT_FOUND", "There is no such tutor")
TUTOR_PROFILE_EXISTS: Final = DomainError("TUTOR_PROFILE_EXISTS", "You have a profile already")
PERSON_UNKNOWN: Final = DomainError("PERSON_UNKNOWN", "You are new here: try again in a moment")
ALREADY_VERIFIED: Final = DomainError("ALREADY_VERIFIED", "The academy vouches for this tutor already")
PROFILE_INCOMPLETE: Final = DomainError(
    "PROFILE_INCOMPLETE", "The academy vouches for tutors with a headline and a subject"
)
SELF_VERIFICATION: Final = DomainError("SELF_VERIFICATION", "Nobody vouches for themselves")
INVALID_SUBJECTS: Final = DomainError(
    "INVALID_SUBJECTS", "A tutor has at most 20 subjects of 1 to 60 characters", "subjects"
)
INVALID_LANGUAGES: Final = DomainError(
    "INVALID_LANGUAGES", "At most 20 languages, like en or pt-BR", "languages"
)
INVALID_HEADLINE: Final = DomainError("INVALID_HEADLINE", "A headline has at most 120 characters", "headline")
INVALID_BIO: Final = DomainError("INVALID_BIO", "A bio has at most 4000 characters", "bio")
INVALID_HOURLY_RATE: Final = DomainError(
    "INVALID_HOURLY_RATE", "An hour costs something, and not millions", "hourlyRate"
)
INVALID_TIME_ZONE: Final = DomainError(
    "INVALID_TIME_ZONE", "A time zone has a name of the IANA database, like Asia/Dhaka", "timeZone"
)
INVALID_WINDOW: Final = DomainError(
    "INVALID_WINDOW", "A window begins before it ends, from 00:00 to 24:00 of a day", "windows"
)
TOO_MANY_WINDOWS: Final = DomainError("TOO_MANY_WINDOWS", "A week has at most 50 windows", "windows")
NOTHING_WANTED: Final = DomainError("NOTHING_WANTED", "Say at least one subject", "subjects")
