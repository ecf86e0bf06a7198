"""What became of plans and executions, for metrics and tests."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Counters:
    """Counts since the start. A program is compiled, or refused, once for each plan and its conditions."""

    programs_compiled: int = 0
    programs_refused: Counter[str] = field(default_factory=Counter)  # by Refusal; `conditions` each time
    executions_compiled: int = 0  # from the first to the last byte
    executions_handed_over: Counter[str] = field(default_factory=Counter)  # by Reason
    executions_interpreted: int = 0  # of plans that have no program
    plans_with_notice: int = 0  # found when the planner's budget was spent
