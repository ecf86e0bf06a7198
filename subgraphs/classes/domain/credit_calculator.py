"""CreditCalculator: what attendance costs, in meetings."""

from subgraphs.classes.domain.values import AttendanceStatus


def cost_of(status: AttendanceStatus | None) -> int:
    """Who was there, late or not, has used up exactly one meeting; who was not has used up none."""
    return 1 if status in (AttendanceStatus.PRESENT, AttendanceStatus.LATE) else 0


def credit_change(before: AttendanceStatus | None, after: AttendanceStatus) -> int:
    """What marking a meeting does to the credit: once for each meeting, however often it is corrected."""
    return cost_of(before) - cost_of(after)
