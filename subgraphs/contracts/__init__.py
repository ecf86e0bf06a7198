"""The integration events that contexts publish for each other, one module per source context.

These are promises: a version only ever gains optional fields. What breaks that is a new version with an
upcaster from the old one, as long as every consumer can do with it; or a new event beside the old one, such
as `learning.exercise_completed.v2`, until nobody consumes the old one any more. Each version that was ever
published is kept as a golden file of the tests.
"""

from operator import attrgetter
from typing import Final

from subgraphs.contracts import (
    assessment,
    classes,
    gamification,
    identity,
    learning,
    notification,
    payments,
    tutoring,
)
from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.messaging.registry import Registry
from subgraphs.kernel.messaging.upcasting import Upcaster

UPCASTERS: Final[tuple[Upcaster, ...]] = (
    identity.USER_CREATED_V1,
    identity.USER_PROFILE_UPDATED_V1,
)

CONTRACTS: Final = Registry[IntegrationEvent](
    attrgetter("type"),
    (
        assessment.AssignmentCreated,
        assessment.FeedbackGiven,
        assessment.SubmissionGraded,
        assessment.SubmissionReceived,
        classes.AttendanceMarked,
        classes.ClassActivated,
        classes.ClassCompleted,
        classes.ClassCreated,
        classes.CreditAdjusted,
        classes.CreditDeducted,
        classes.EnrollmentCancelled,
        classes.LessonUnlocked,
        classes.PackageChanged,
        classes.StudentEnrolled,
        gamification.AwardXp,
        gamification.BadgeUnlocked,
        gamification.LevelUp,
        gamification.QuestCompleted,
        gamification.StreakUpdated,
        gamification.XpAwarded,
        gamification.XpEarned,
        identity.CheckUserExists,
        identity.GetUserByEmail,
        identity.GetUserById,
        identity.PasswordChanged,
        identity.UserActivated,
        identity.UserCreated,
        identity.UserDeactivated,
        identity.UserDeleted,
        identity.UserExists,
        identity.UserFound,
        identity.UserProfileCreated,
        identity.UserProfileUpdated,
        identity.UserRegistered,
        identity.UserRoleChanged,
        identity.UserSettingsCreated,
        identity.UserSettingsUpdated,
        identity.UserUpdated,
        identity.UserVerified,
        learning.CodingExerciseSubmitted,
        learning.CourseCreated,
        learning.CourseEnrollmentRequested,
        learning.CourseFound,
        learning.CoursePublished,
        learning.CoursesFound,
        learning.CourseUpdated,
        learning.EnrollmentAnswered,
        learning.EnrollmentCancelled,
        learning.EnrollmentCompleted,
        learning.EnrollmentFailed,
        learning.EnrollmentVerified,
        learning.EnrollStudent,
        learning.ExerciseCompleted,
        learning.GetCourse,
        learning.GetCoursesBySubject,
        learning.LessonAdded,
        learning.LessonCompleted,
        learning.QuizSubmitted,
        learning.StudentEnrolled,
        learning.VerifyEnrollment,
        notification.NotificationFailed,
        notification.NotificationSent,
        notification.SendNotification,
        payments.GetPaymentStatus,
        payments.InvoiceIssued,
        payments.PaymentCompleted,
        payments.PaymentDisputed,
        payments.PaymentFailed,
        payments.PaymentInitiated,
        payments.PaymentPartlyRefunded,
        payments.PaymentProcessed,
        payments.PaymentRefunded,
        payments.PaymentStatusTold,
        payments.PaymentVerified,
        payments.ProcessPayment,
        payments.RefundPayment,
        payments.RefundProcessed,
        payments.VerifyPayment,
        tutoring.AvailabilityChanged,
        tutoring.TutorCreated,
        tutoring.TutorProfileCreated,
        tutoring.TutorProfileUpdated,
        tutoring.TutorVerified,
    ),
    upcasters=UPCASTERS,
)
