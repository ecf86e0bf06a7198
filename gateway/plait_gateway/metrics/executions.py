"""What became of plans and of their executions."""

from collections.abc import Iterator

from plait_gateway.executor.program import Counters
from plait_gateway.metrics.exposition import Metric, Sample, counter


def execution_metrics(counters: Counters) -> Iterator[Metric]:
    """The counts of compiled programs and of the reference interpreter."""
    yield Metric(
        "plait_plans_with_notice_total",
        "counter",
        "Plans that were found when the planner's budget was spent: cheaper ones may have been missed.",
        (Sample(counters.plans_with_notice, {}),),
    )
    yield Metric(
        "plait_programs_compiled_total",
        "counter",
        "Programs compiled from plans.",
        (Sample(counters.programs_compiled, {}),),
    )
    yield counter(
        "plait_programs_refused_total",
        "Plans that the compiler does not cover, by reason.",
        "reason",
        counters.programs_refused,
    )
    yield counter(
        "plait_executions_total",
        "Operations run: by a compiled program to its end, or by the interpreter from the start.",
        "by",
        {"program": counters.executions_compiled, "interpreter": counters.executions_interpreted},
    )
    yield counter(
        "plait_executions_handed_over_total",
        "Operations that a program gave up to the interpreter, by reason.",
        "reason",
        counters.executions_handed_over,
    )
