"""What classes can be asked.

classes      classes, one by one and in lists
enrollments  who belongs to a class, and how they stand: the class-roster, attendance, credits
payments     what students have paid for their classes
teaching     how many came to each meeting: the attendance-report; which lessons are open

A private class is seen by those who belong to it and the staff, a group by everybody. The batched queries
answer for many keys with one statement; what does not exist or may not be seen is missing.
"""

from subgraphs.classes.access import TEACHERS
from subgraphs.classes.queries import classes, enrollments, payments, teaching
from subgraphs.kernel.application.buses import QueryBus
from subgraphs.kernel.application.policies import anyone, authenticated


def register(bus: QueryBus) -> None:
    """Register every query. Whose class it is, the handlers ask."""
    bus.register(classes.ClassesById, classes.classes_by_id, allow=anyone)
    bus.register(classes.ClassList, classes.class_list, allow=anyone)
    bus.register(classes.ClassesOf, classes.classes_of, allow=anyone)
    bus.register(enrollments.EnrollmentsById, enrollments.enrollments_by_id, allow=authenticated)
    bus.register(enrollments.ClassRosters, enrollments.class_rosters, allow=TEACHERS)
    bus.register(enrollments.OwnEnrollments, enrollments.own_enrollments, allow=authenticated)
    bus.register(enrollments.AttendanceOf, enrollments.attendance_of, allow=authenticated)
    bus.register(enrollments.CreditLedgers, enrollments.credit_ledgers, allow=authenticated)
    bus.register(enrollments.FindEnrollment, enrollments.find_enrollment, allow=authenticated)
    bus.register(payments.PaymentsOfEnrollments, payments.payments_of_enrollments, allow=authenticated)
    bus.register(teaching.AttendanceReport, teaching.attendance_report, allow=TEACHERS)
    bus.register(teaching.UnlockedLessons, teaching.unlocked_lessons, allow=authenticated)
