"""The bounded contexts of the academy: whoever adds one adds a line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import MetaData

from subgraphs.assessment.app import build as build_assessment
from subgraphs.assessment.tables import metadata as assessment_tables
from subgraphs.classes.app import build as build_classes
from subgraphs.classes.tables import metadata as classes_tables
from subgraphs.gamification.app import build as build_gamification
from subgraphs.gamification.tables import metadata as gamification_tables
from subgraphs.identity.app import build as build_identity
from subgraphs.identity.tables import metadata as identity_tables
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.platform import Platform
from subgraphs.learning.app import build as build_learning
from subgraphs.learning.tables import metadata as learning_tables
from subgraphs.notification.app import build as build_notification
from subgraphs.notification.tables import metadata as notification_tables
from subgraphs.payments.app import build as build_payments
from subgraphs.payments.tables import metadata as payments_tables
from subgraphs.tutoring.app import build as build_tutoring
from subgraphs.tutoring.tables import metadata as tutoring_tables


@dataclass(frozen=True, slots=True)
class KnownContext:
    """How a context is built, and its tables."""

    build: Callable[[Platform], BoundedContext]
    tables: MetaData


CONTEXTS: Final[Mapping[str, KnownContext]] = {
    "identity": KnownContext(build_identity, identity_tables),
    "learning": KnownContext(build_learning, learning_tables),
    "gamification": KnownContext(build_gamification, gamification_tables),
    "classes": KnownContext(build_classes, classes_tables),
    "payments": KnownContext(build_payments, payments_tables),
    "notification": KnownContext(build_notification, notification_tables),
    "tutoring": KnownContext(build_tutoring, tutoring_tables),
    "assessment": KnownContext(build_assessment, assessment_tables),
}
